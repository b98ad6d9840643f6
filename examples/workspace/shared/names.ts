const TREES = (
  'Alder Aspen Beech Birch Cedar Cherry Cypress Elder Elm Fir Hazel Hemlock Holly Hornbeam Juniper Larch Laurel ' +
  'Linden Maple Mulberry Oak Olive Palm Pear Pine Plum Poplar Rowan Spruce Sycamore Walnut Willow Yew'
).split(' ');

interface Named {
  readonly id: string;
  readonly metadata: { readonly name?: unknown };
}

/** A name for a new session that none of the others has, those in trouble included. */
function freshName(...others: ReadonlyArray<readonly Named[]>): string {
  const used = new Set(others.flat().map(nameOf));
  for (let round = 1; ; round += 1)
    for (const tree of TREES) {
      const name = round === 1 ? tree : `${tree} ${round}`;
      if (!used.has(name)) return name;
    }
}

/** What a new session is created with: its name, and an id that tells it, too, in the inspector and the address. */
export function newSession(...others: ReadonlyArray<readonly Named[]>) {
  const name = freshName(...others);
  // The name may have been another's, who is gone; an id never is.
  const suffix = crypto.randomUUID().slice(0, 6);
  return { id: `${name.toLowerCase().replaceAll(' ', '-')}-${suffix}`, metadata: { name } };
}

/** What a session is called: it was given its name when it was created. */
export function nameOf({ id, metadata }: Named): string {
  return typeof metadata.name === 'string' ? metadata.name : id;
}
