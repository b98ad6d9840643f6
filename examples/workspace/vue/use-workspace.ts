import { type InjectionKey, inject, onScopeDispose, type ShallowRef, shallowRef } from 'vue';
import type { Value } from '../shared/value.ts';
import type { Workspace } from '../shared/workspace.ts';

export const WORKSPACE: InjectionKey<Workspace> = Symbol('workspace');

export function useWorkspace(): Workspace {
  const workspace = inject(WORKSPACE);
  if (!workspace) throw new Error('No workspace is provided to this component.');
  return workspace;
}

export function useValue<T>(value: Value<T>): Readonly<ShallowRef<T>> {
  const ref = shallowRef(value.get());
  onScopeDispose(
    value.subscribe(() => {
      ref.value = value.get();
    }),
  );
  return ref;
}
