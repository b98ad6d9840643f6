/** Goes on with an answer as soon as it is there: at once, where it is. What `done` throws has failed too. */
export function whenAnswered<R>(
  ask: () => R | Promise<R>,
  done: (answer: R) => void,
  failed: (error: unknown) => void,
): void {
  try {
    const answer = ask();
    if (answer instanceof Promise) answer.then(done).catch(failed);
    else done(answer);
  } catch (error) {
    failed(error);
  }
}
