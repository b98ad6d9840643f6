import { signal } from '@preact/signals';
import { DEFAULT_SORTING, type Filter, type Sorting } from './list.ts';

/** What is asked for: kept while the app is open, so that one comes back from a session to the same list. */
export const fleetQuery = signal<{
  readonly search: string;
  readonly filters: ReadonlySet<Filter>;
  readonly sorting: Sorting;
}>({ search: '', filters: new Set(), sorting: DEFAULT_SORTING });

/** The session that the keys are on. */
export const selectedSession = signal<string | undefined>(undefined);
