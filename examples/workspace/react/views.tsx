/** @jsxImportSource react */
import { selection } from '../shared/selection.ts';
import { addressOf, views } from '../shared/views.ts';
import { useValue } from './use-workspace.ts';

/** The same workspace in other frameworks, over the same sessions. */
export function Views() {
  const id = useValue(selection);
  return (
    <nav className="views" aria-label="Written in">
      {views.map(({ name, path }) => (
        <a key={path} href={addressOf(path, id)} aria-current={name === 'React' ? 'page' : undefined}>
          {name}
        </a>
      ))}
    </nav>
  );
}
