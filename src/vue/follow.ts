import {
  type ComputedRef,
  computed,
  getCurrentInstance,
  getCurrentScope,
  onMounted,
  shallowRef,
  watch,
} from 'vue';
import type { LoadingWatch, Watch } from '../bindings/index.ts';

export interface Followed<V> {
  /** Of the present watch, at any time. */
  readonly view: ComputedRef<V>;
  /** Looks again. */
  refresh(): void;
}

/**
 * What a watch shows, kept current while the scope lives; what `make` reads decides which watch. In a component from
 * when it is mounted, so that a server holds nothing and a page is first what its server made of it.
 */
export function follow<V>(make: () => Watch<V>): Followed<V> {
  const current = computed(make);
  const version = shallowRef(0);
  const view = computed(() => {
    void version.value;
    return current.value.get();
  });
  const refresh = () => {
    version.value += 1;
  };
  const start = () =>
    watch(
      current,
      (watched, _before, onCleanup) => {
        onCleanup(watched.subscribe(refresh));
        // It may have changed since it was shown, when nobody listened.
        refresh();
      },
      { immediate: true },
    );
  const scope = getCurrentScope();
  // One that is mounted already, and is running a hook, would wait for ever.
  if (getCurrentInstance()?.isMounted === false)
    onMounted(() => (scope?.active ? scope.run(start) : undefined));
  else start();
  return { view, refresh };
}

export interface FollowedLoading<V> extends Followed<V> {
  load(): Promise<void>;
}

export function followLoading<V>(make: () => LoadingWatch<V>): FollowedLoading<V> {
  const current = computed(make);
  const followed = follow(() => current.value);
  return {
    ...followed,
    async load() {
      await current.value.load();
      followed.refresh();
    },
  };
}
