import { signal, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly value?: string;
  readonly kind?: 'line' | 'area';
  /** What is wrong with a text, in words; undefined when it is right. */
  wrong?(text: string): string | undefined;
}

export interface Question {
  readonly title: string;
  readonly body?: ComponentChildren;
  /** The word on the button that does it. */
  readonly confirm: string;
  readonly danger?: boolean;
  readonly fields?: readonly Field[];
  /** Is waited for with the dialog open; when it rejects, the dialog stays and says why. */
  run?(values: Readonly<Record<string, string>>): Promise<unknown>;
}

interface Asked extends Question {
  /** Each time anew: whoever asks the same again, before the first dialog has gone, gets a dialog that opens. */
  readonly number: number;
  answer(values: Readonly<Record<string, string>> | undefined): void;
}

const asked = signal<Asked | undefined>(undefined);
let questions = 0;

/** What was filled in, after `run` went well; undefined when it was cancelled. Another question cancels this one. */
export function ask(question: Question): Promise<Readonly<Record<string, string>> | undefined> {
  return new Promise((resolve) => {
    asked.peek()?.answer(undefined);
    const answer: Asked['answer'] = (values) => {
      if (asked.peek() === mine) asked.value = undefined;
      resolve(values);
    };
    questions += 1;
    const mine: Asked = { ...question, answer, number: questions };
    asked.value = mine;
  });
}

/** Where questions appear: once in the app. */
export function Questions() {
  const question = asked.value;
  return question && <QuestionDialog key={question.number} question={question} />;
}

/** A modal dialog for as long as it is mounted. Escape and its background close it. */
export function Modal(props: {
  title: string;
  onClose(): void;
  children: ComponentChildren;
  class?: string;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  // At once: a key that follows is for the dialog.
  useLayoutEffect(() => {
    const opener = document.activeElement;
    const opened = dialog.current;
    opened?.showModal();
    return () => {
      // While it is open, nothing outside of it takes the focus.
      opened?.close();
      if (opener instanceof HTMLElement) opener.focus({ preventScroll: true });
    };
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape does the same, by the browser
    <dialog
      ref={dialog}
      class={`dialog ${props.class ?? ''}`}
      aria-labelledby={title}
      onClose={props.onClose}
      onClick={(event) => event.target === dialog.current && props.onClose()}
    >
      <div class="dialog-body">
        <h2 id={title}>{props.title}</h2>
        {props.children}
      </div>
    </dialog>
  );
}

function QuestionDialog({ question }: { question: Asked }) {
  const fields = question.fields ?? [];
  const values = useSignal<Readonly<Record<string, string>>>(
    Object.fromEntries(fields.map((field) => [field.name, field.value ?? ''])),
  );
  const shown = useSignal(false);
  const pending = useSignal(false);
  const failure = useSignal('');
  const wrong = fields.map((field) => field.wrong?.(values.value[field.name] ?? ''));

  const submit = async (event: Event) => {
    event.preventDefault();
    if (pending.peek()) return;
    shown.value = true;
    if (wrong.some(Boolean)) return;
    pending.value = true;
    failure.value = '';
    try {
      await question.run?.(values.peek());
      question.answer(values.peek());
    } catch (error) {
      failure.value = error instanceof Error ? error.message : String(error);
      pending.value = false;
    }
  };

  return (
    <Modal title={question.title} onClose={() => question.answer(undefined)}>
      <form onSubmit={submit} noValidate>
        {question.body && <div class="dialog-text">{question.body}</div>}
        {fields.map((field, index) => (
          <FieldRow
            key={field.name}
            field={field}
            value={values.value[field.name] ?? ''}
            wrong={shown.value ? wrong[index] : undefined}
            first={index === 0}
            onValue={(text) => {
              values.value = { ...values.peek(), [field.name]: text };
            }}
          />
        ))}
        {failure.value && (
          <p class="notice bad" role="alert">
            {failure.value}
          </p>
        )}
        <div class="dialog-buttons">
          <button type="button" class="button" onClick={() => question.answer(undefined)}>
            Cancel
          </button>
          <button
            type="submit"
            class={`button primary ${question.danger ? 'danger' : ''}`}
            aria-disabled={pending.value}
          >
            {pending.value ? 'Waiting…' : question.confirm}
          </button>
        </div>
      </form>
    </Modal>
  );
}

function FieldRow(props: {
  field: Field;
  value: string;
  wrong: string | undefined;
  first: boolean;
  onValue(text: string): void;
}) {
  const id = useId();
  const { field, value, wrong } = props;
  const common = {
    id,
    class: 'field',
    name: field.name,
    value,
    autofocus: props.first,
    autocomplete: 'off',
    spellcheck: false,
    'aria-invalid': wrong !== undefined,
    'aria-describedby': `${id}-hint`,
    onInput: (event: Event & { currentTarget: { value: string } }) =>
      props.onValue(event.currentTarget.value),
  };
  return (
    <div class="field-row">
      <label for={id}>{field.label}</label>
      {field.kind === 'area' ? <textarea {...common} rows={5} /> : <input {...common} type="text" />}
      <p id={`${id}-hint`} class={wrong ? 'field-wrong' : 'muted'}>
        {wrong ?? field.hint}
      </p>
    </div>
  );
}
