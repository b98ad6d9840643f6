import { onTestFinished } from 'vitest';
import { createApp, h, shallowReactive } from 'vue';
import { SessionPlugin } from '../../../src/vue/index.ts';
import type { Framework } from '../framework.ts';
import { components } from './components.ts';

export const vue: Framework = {
  mount(name, client, given, { initialData, caught } = {}) {
    const props = shallowReactive({ ...given });
    const app = createApp({ render: () => h(components[name], props) });
    app.use(SessionPlugin, { client, initialData });
    if (caught) app.config.errorHandler = caught;
    const place = document.body.appendChild(document.createElement('div'));
    app.mount(place);
    let mounted = true;
    const unmount = () => {
      if (mounted) app.unmount();
      mounted = false;
      place.remove();
    };
    onTestFinished(unmount);
    return { set: (next) => Object.assign(props, next), unmount };
  },
};
