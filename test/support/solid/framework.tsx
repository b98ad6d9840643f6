/** @jsxImportSource solid-js */
import { type Component, createSignal, ErrorBoundary, type JSX } from 'solid-js';
import { Dynamic, render } from 'solid-js/web';
import { onTestFinished } from 'vitest';
import { SessionProvider, type SessionProviderProps } from '../../../src/solid/index.ts';
import type { Framework } from '../framework.ts';
import { components } from './components.tsx';

/** Under a provider, until the test has finished at the latest. */
export function mount(provider: Omit<SessionProviderProps, 'children'>, content: () => JSX.Element) {
  const place = document.body.appendChild(document.createElement('div'));
  const dispose = render(() => <SessionProvider {...provider}>{content()}</SessionProvider>, place);
  const unmount = () => {
    dispose();
    place.remove();
  };
  onTestFinished(unmount);
  return unmount;
}

export const solid: Framework = {
  mount(name, client, given, { initialData, caught } = {}) {
    const [props, setProps] = createSignal<object>({ ...given });
    const failed = (error: unknown) => {
      caught?.(error);
      return undefined;
    };
    const unmount = mount({ client, initialData }, () => (
      <ErrorBoundary fallback={failed}>
        <Dynamic component={components[name] as Component} {...props()} />
      </ErrorBoundary>
    ));
    return { set: (next) => void setProps((now) => ({ ...now, ...next })), unmount };
  },
};
