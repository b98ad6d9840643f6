import { asleep } from './asleep.ts';
import { close } from './close.ts';
import { crash } from './crash.ts';
import { create } from './create.ts';
import { diagram } from './diagram.ts';
import { durable } from './durable.ts';
import type { Benchmark } from './harness.ts';
import { history } from './history.ts';
import { inspect } from './inspect.ts';
import { list } from './list.ts';
import { memory } from './memory.ts';
import { publish } from './publish.ts';
import { recovery } from './recovery.ts';
import { send } from './send.ts';
import { size } from './size.ts';
import { sleep } from './sleep.ts';
import { terminate } from './terminate.ts';
import { verify } from './verify.ts';

/** In the order of the table. Each has the name of its module. */
export const benchmarks: readonly Benchmark[] = [
  create,
  send,
  terminate,
  memory,
  list,
  crash,
  publish,
  history,
  close,
  size,
  durable,
  recovery,
  asleep,
  sleep,
  verify,
  inspect,
  diagram,
];
