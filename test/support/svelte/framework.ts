import { type Component, flushSync, mount, unmount } from 'svelte';
import { onTestFinished } from 'vitest';
import type { ComponentProps, Framework } from '../framework.ts';
import Box from './Box.svelte';
import Host from './Host.svelte';
import Maker from './Maker.svelte';
import Room from './Room.svelte';
import Selected from './Selected.svelte';
import Sessions from './Sessions.svelte';
import Silent from './Silent.svelte';

const components = {
  sessions: Sessions,
  room: Room,
  silent: Silent,
  selected: Selected,
  box: Box,
  maker: Maker,
} as Record<keyof ComponentProps, Component>;

export const svelte: Framework = {
  mount(name, client, given, { initialData, caught } = {}) {
    const target = document.body.appendChild(document.createElement('div'));
    const props = { component: components[name], client, initialData, caught, given };
    const host = mount(Host, { target, props }) as { set(props: object): void };
    flushSync();
    let mounted = true;
    const leave = () => {
      if (mounted) void unmount(host);
      mounted = false;
      target.remove();
    };
    onTestFinished(leave);
    return { set: (next) => host.set(next), unmount: leave };
  },
};
