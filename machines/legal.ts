import type { AnyStateMachine, StateNode } from 'xstate';

export type LegalTransitions = Readonly<Record<string, readonly string[]>>;

/**
 * The status changes that a lifecycle chart allows, read off the chart itself: for the name of each leaf state,
 * the names of the leaf states that one of `facts` leads to.
 */
export function legalTransitions(machine: AnyStateMachine, facts: readonly string[]): LegalTransitions {
  const table: Record<string, readonly string[]> = {};
  for (const leaf of leavesOf(machine.root)) {
    const targets = new Set<string>();
    for (let node: StateNode | undefined = leaf; node; node = node.parent)
      for (const fact of facts)
        for (const { target } of node.transitions.get(fact) ?? [])
          for (const each of target ?? []) targets.add(initialLeaf(each as StateNode).key);
    table[leaf.key] = [...targets].sort();
  }
  return table;
}

function leavesOf(node: StateNode): StateNode[] {
  const children = Object.values(node.states);
  return children.length === 0 ? [node] : children.flatMap(leavesOf);
}

function initialLeaf(node: StateNode): StateNode {
  const target = node.type === 'compound' ? node.initial.target[0] : undefined;
  return target ? initialLeaf(target as StateNode) : node;
}
