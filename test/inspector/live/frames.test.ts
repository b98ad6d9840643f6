import { describe, expect, it } from 'vitest';
import { Frames } from '../../../visualizations/inspector/src/live/frames.ts';

function screen() {
  const frames: (() => void)[] = [];
  return { frames: new Frames((run) => frames.push(run)), asked: frames, draw: () => frames.shift()?.() };
}

describe('a frame', () => {
  it('publishes once, however often something changed', () => {
    const { frames, asked, draw } = screen();
    let published = 0;
    const what = () => {
      published += 1;
    };
    for (let n = 0; n < 1000; n += 1) frames.publish(what);
    expect([published, asked.length]).toEqual([0, 1]);
    draw();
    expect(published).toBe(1);
    draw();
    expect(published).toBe(1);
  });

  it('publishes everything that has changed', () => {
    const { frames, draw } = screen();
    const published: string[] = [];
    frames.publish(() => published.push('a'));
    frames.publish(() => published.push('b'));
    draw();
    expect(published).toEqual(['a', 'b']);
  });

  it('leaves what changes by publishing to the next one', () => {
    const { frames, asked, draw } = screen();
    let published = 0;
    const what = () => {
      published += 1;
      if (published === 1) frames.publish(what);
    };
    frames.publish(what);
    draw();
    expect([published, asked.length]).toEqual([1, 1]);
    draw();
    expect(published).toBe(2);
  });

  it('publishes the others when one fails, and then says so', () => {
    const { frames, draw } = screen();
    const published: string[] = [];
    frames.publish(() => {
      throw new Error('cannot');
    });
    frames.publish(() => published.push('b'));
    expect(draw).toThrow('cannot');
    expect(published).toEqual(['b']);
  });
});
