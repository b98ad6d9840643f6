import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { Board } from '../../examples/atlas/board.ts';
import { liveView } from '../../examples/atlas/view.ts';

const parts = [{ id: 'a', name: 'src', files: [{ path: 'src/a.ts', bytes: 1 }] }];

/** As much of a terminal as the view uses. */
class Terminal extends EventEmitter {
  columns = 80;
  rows = 24;
  written = '';
  write(text: string): boolean {
    this.written += text;
    return true;
  }
}

function show() {
  const terminal = new Terminal();
  const view = liveView(new Board(parts), '/project', terminal as unknown as NodeJS.WriteStream);
  return { terminal, view };
}

describe('the live view', () => {
  it('hides the cursor while it draws, and gives it back once', () => {
    const { terminal, view } = show();
    view.start();
    expect(terminal.written.startsWith('\u001b[?25l')).toBe(true);
    expect(terminal.written).toContain('/project');
    view.stop();
    expect(terminal.written.endsWith('\u001b[?25h')).toBe(true);
    const before = terminal.written;
    view.stop();
    expect(terminal.written).toBe(before);
    expect(terminal.listenerCount('resize')).toBe(0);
  });

  it('gives nothing back that it did not take', () => {
    const { terminal, view } = show();
    view.stop();
    expect(terminal.written).toBe('');
  });

  it('draws each picture over the one before', () => {
    const { terminal, view } = show();
    view.start();
    const lines = terminal.written.split('\n').length - 1;
    terminal.written = '';
    view.stop();
    expect(terminal.written.startsWith(`\u001b[?2026h\u001b[${lines}A\r`)).toBe(true);
    expect(terminal.written.split('\n').length - 1).toBe(lines);
  });

  it('starts on a clear screen when the terminal changes its size', () => {
    const { terminal, view } = show();
    view.start();
    terminal.written = '';
    terminal.columns = 50;
    terminal.emit('resize');
    expect(terminal.written.startsWith('\u001b[2J\u001b[H\u001b[?2026h')).toBe(true);
    expect(terminal.written).not.toContain('A\r');
    view.stop();
  });
});
