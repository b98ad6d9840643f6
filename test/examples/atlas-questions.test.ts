import { describe, expect, it } from 'vitest';
import { Survey } from '../../examples/atlas/questions.ts';

const contents: Record<string, string> = {
  'cart/cart.ts':
    'export function totalPrice() {}\nexport function emptyCart() {}\ntotalPrice(); totalPrice();',
  'mail/mailer.ts': 'export class Mailer {}\nnew Mailer();\nfunction shared() {}',
  'mail/other.ts': 'function shared() {}\nshared(); shared(); shared();',
  'docs/guide.md': '# Money back\n\nWithin thirty days.',
};
const part = (id: string, ...paths: string[]) => ({
  id,
  name: id,
  files: paths.map((path) => ({ path, bytes: 1 })),
});
const parts = [
  part('cart', 'cart/cart.ts'),
  part('mail', 'mail/mailer.ts', 'mail/other.ts'),
  part('docs', 'docs/guide.md'),
];
function questions(of = parts) {
  const survey = new Survey();
  for (const { files } of of) for (const { path } of files) survey.add(path, contents[path] ?? '');
  return survey.questionsFor(of);
}

describe('the questions made from a folder', () => {
  it('ask each part for its most used names, for a neighbour’s, and for one thing in general', () => {
    const [cart, mail, docs] = questions();
    expect(cart).toEqual([
      'Where is totalPrice defined?',
      'How are errors handled?',
      'What uses emptyCart?',
      'Where is Mailer defined?',
    ]);
    expect(mail).toContain('Where is Mailer defined?');
    expect(mail).toContain('What is said about Money back?');
    expect(docs?.[0]).toBe('What is said about Money back?');
  });

  it('leave out a name that is defined in two files', () => {
    expect(questions().flat().join()).not.toContain('shared');
  });

  it('are the same however often parts share a file', () => {
    const twice = questions([part('1', 'cart/cart.ts'), part('2', 'cart/cart.ts')]);
    expect(twice[0]?.[0]).toBe('Where is totalPrice defined?');
    expect(twice[1]?.[0]).toBe('Where is totalPrice defined?');
  });

  it('ask about the file where nothing is defined, and ask nothing twice', () => {
    const [only] = questions([part('plain', 'notes.txt')]);
    expect(only).toEqual([
      'What is said about notes.txt?',
      'How are errors handled?',
      'Where does notes.txt come up?',
    ]);
  });
});
