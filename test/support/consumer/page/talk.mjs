import { createSessionManager } from 'chartroom';
import { fromCallback } from 'xstate';

/** One session with an agent that answers, through all that is loaded later too. Resolves with what came of it. */
export async function talk() {
  const agent = fromCallback(({ input, receive, emit }) => {
    receive(async ({ question }) => {
      const content = question.toUpperCase();
      await input.session.context.addMessage('assistant', content);
      emit({ type: 'llm_response', turnId: '1', content });
    });
  });
  const rooms = createSessionManager({ agent });
  const heard = [];
  rooms.subscribeToAllSessions(({ type }) => heard.push(type));
  const session = await rooms.createSession({ id: 'page' });
  const answers = session.events({ types: ['llm_response'] });
  await session.send('user', 'hello');
  await session.dispatch({ type: 'ask', question: 'hello' });
  const { value: answer } = await answers.next();
  const history = await session.context.history();
  await session.cache.cacheFile('a', 'A');
  const file = await session.cache.getFile('a');
  const saved = await rooms.saveSession('page');
  await session.terminate();
  const refusal = await session.send('user', 'late').catch(({ code }) => code);
  await rooms.close();
  return {
    heard,
    history: history.map(({ role, content }) => `${role}: ${content}`),
    answer: answer.content,
    file: file.content,
    saved: saved.messageCount,
    refusal,
  };
}
