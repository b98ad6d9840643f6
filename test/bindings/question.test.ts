import { expect, it } from 'vitest';
import { Question } from '../../src/bindings/question.ts';
import { type Gate, gate } from '../support/gate.ts';
import { turns } from '../support/turns.ts';

function asking() {
  const put: Gate<number>[] = [];
  const heard: unknown[] = [];
  const question = new Question(
    () => {
      const answer = gate<number>();
      put.push(answer);
      return answer.promise;
    },
    (answer) => heard.push(answer),
    (error) => heard.push(error),
  );
  return { put, heard, question };
}

it('is put once while an answer is on its way, and once more when it went stale meanwhile', async () => {
  const { put, heard, question } = asking();
  question.ask();
  question.ask();
  question.stale();
  question.stale();
  await turns();
  expect(put).toHaveLength(1);
  put[0]?.open(1);
  await turns();
  expect(heard).toEqual([1]);
  expect(put).toHaveLength(2);
  put[1]?.open(2);
  await turns();
  expect(heard).toEqual([1, 2]);
  expect(question.resting).toBe(true);
  expect(put).toHaveLength(2);
});

it('is put once for all that makes it stale in one turn', async () => {
  const { put, question } = asking();
  for (let n = 0; n < 5; n++) question.stale();
  expect(put).toHaveLength(0);
  await turns();
  expect(put).toHaveLength(1);
});

it('does not tell a failure that was stale when it came', async () => {
  const { put, heard, question } = asking();
  question.ask();
  question.stale();
  put[0]?.fail('not there');
  await turns();
  expect(heard).toEqual([]);
  put[1]?.fail('gone');
  await turns();
  expect(heard).toEqual(['gone']);
});

it('hears no answer to what was dropped', async () => {
  const { put, heard, question } = asking();
  question.ask();
  question.drop();
  question.ask();
  put[0]?.open(1);
  put[1]?.open(2);
  await turns();
  expect(heard).toEqual([2]);
});

it('takes what is thrown at once as a failure', async () => {
  const heard: unknown[] = [];
  const thrower = (): Promise<number> => {
    throw new Error('at once');
  };
  new Question(
    thrower,
    () => {},
    (error) => heard.push(error),
  ).ask();
  await turns();
  expect(heard).toEqual([new Error('at once')]);
});
