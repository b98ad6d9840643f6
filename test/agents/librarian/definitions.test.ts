import { describe, expect, it } from 'vitest';
import { definedName } from '../../../src/agents/librarian/definitions.ts';

describe('a line that defines a name', () => {
  it.each([
    ['export class SessionError extends Error {', 'SessionError'],
    ['export default async function run(input) {', 'run'],
    ['function* walk() {', 'walk'],
    ['export const librarian = setup({', 'librarian'],
    ['export interface Turn {', 'Turn'],
    ['export type Json = string;', 'Json'],
    ['export declare const enum Kind {', 'Kind'],
    ['  async close(): Promise<void> {', 'close'],
    ['  #take(count = 1): void {', 'take'],
    ['  private static of(x: number): Box {', 'of'],
    ['def handle_event(self, event):', 'handle_event'],
    ['    async def fetch(self):', 'fetch'],
    ['class Parser:', 'Parser'],
    ['MAX_SIZE = 10', 'MAX_SIZE'],
    ['pub(crate) fn spawn<T>(f: T) -> Handle<T> {', 'spawn'],
    ['pub struct Config {', 'Config'],
    ['func (s *Server) Listen(addr string) error {', 'Listen'],
    ['type Server struct {', 'Server'],
    ['defmodule Chat.Session do', 'Chat'],
    ['  def valid?(value) do', 'valid?'],
    ['  def self.build(x)', 'build'],
    ['#define MAX_DEPTH 64', 'MAX_DEPTH'],
    ['static int parse_line(char *line) {', 'parse_line'],
    ['  public String getName() {', 'getName'],
    ['build_all() {', 'build_all'],
    ['fun main(args: Array<String>) {', 'main'],
    ['  const local = 1;\r'.trimStart(), 'local'],
  ])('%s', (line, name) => {
    expect(definedName(line)).toBe(name);
  });

  it('in Markdown is a heading too, and only there', () => {
    expect(definedName('## Crash recovery', 'docs/guide.md')).toBe('Crash recovery');
    expect(definedName('# Crash recovery', 'tool.py')).toBeUndefined();
  });

  it('in Markdown is found outside its headings as anywhere else', () => {
    expect(definedName('class Parser:', 'docs/guide.md')).toBe('Parser');
    expect(definedName('class of sessions that never end', 'docs/guide.md')).toBeUndefined();
    expect(definedName('#hashtag', 'docs/guide.md')).toBeUndefined();
  });
});

describe('a line that defines nothing', () => {
  it.each([
    ["import { SessionError } from './errors.ts';"],
    ['  type Turn,'],
    ['new SessionError(code);'],
    ['  if (ready) {'],
    ['  } else if (ready) {'],
    ['  for (const x of list) {'],
    ['  return run(x) {'],
    ["describe('a title', () => {"],
    ['setTimeout(() => {'],
    ['promise.then((value) => {'],
    ['  const local = 1;'],
    ['class of sessions that never end'],
    ['type of the value'],
    ['a == b'],
    ['  x = 3'],
    [''],
  ])('%s', (line) => {
    expect(definedName(line)).toBeUndefined();
  });

  it('is one too long to have been written by hand, however it begins', () => {
    expect(definedName(`const x = ${'1'.repeat(300)};`)).toBeUndefined();
  });
});
