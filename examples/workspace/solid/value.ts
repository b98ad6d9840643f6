import { type Accessor, from } from 'solid-js';
import type { Value } from '../shared/value.ts';

export function useValue<T>({ get, subscribe }: Value<T>): Accessor<T> {
  return from<T>((set) => subscribe(() => set(() => get())), get());
}
