// What somebody who has only installed the package might write. Prints what happened, as JSON.
import { createSessionManager, isSessionError } from 'chartroom';

const manager = createSessionManager();
const types = [];
manager.subscribeToSession('a', (event) => types.push(event.type));

const [a, b] = await Promise.all([manager.createSession({ id: 'a' }), manager.createSession({ id: 'b' })]);
await a.send('user', 'hello');
await b.send('user', 'good morning');
const history = (await a.context.history()).map(({ role, content }) => [role, content]);
await a.terminate();
const refusal = await a.info().catch((error) => (isSessionError(error) ? error.code : error));
const left = (await manager.listSessions()).map(({ id, messageCount }) => [id, messageCount]);
await manager.close();

console.log(JSON.stringify({ types, history, refusal, left }));
