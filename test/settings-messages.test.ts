import { describe, expect, it } from 'vitest';
import { resolveSettings } from '../src/settings.ts';

const refused = (path: string, message: string) =>
  expect.objectContaining({
    code: 'INVALID_ARGUMENT',
    message,
    details: expect.objectContaining({ path }),
  });

describe('a wrong option is refused with what it must be and what came', () => {
  const notAnObject = 'must be an object or undefined; received';
  const known =
    'store, agent, agentVersion, migrateAgent, hooks, supervision, timeouts, sessionDefaults, limits, files, countTokens, clock, generateId, logger, inspect';
  const cases: Array<[options: unknown, path: string, message: string]> = [
    [null, 'options', `options ${notAnObject} null.`],
    [[], 'options', `options ${notAnObject} an array.`],
    ['x', 'options', `options ${notAnObject} the string "x".`],
    [{ stroe: 1 }, 'options.stroe', `options has no option "stroe"; it knows ${known}.`],
    [
      { store: { append() {} } },
      'options.store',
      'options.store must be an object with the method open (it has undefined); received an object.',
    ],
    [
      { agentVersion: {} },
      'options.agentVersion',
      'options.agentVersion must be a string or a finite number; received an object.',
    ],
    [
      { agentVersion: Number.NaN },
      'options.agentVersion',
      'options.agentVersion must be a string or a finite number; received the number NaN.',
    ],
    [
      { migrateAgent: 1 },
      'options.migrateAgent',
      'options.migrateAgent must be a function; received the number 1.',
    ],
    [
      { store: null },
      'options.store',
      'options.store must be an object with the method open (it has undefined); received null.',
    ],
    [
      { agent: () => {} },
      'options.agent',
      'options.agent must be an object with the method transition (it has undefined); received a function.',
    ],
    [
      { agent: { transition() {}, getInitialSnapshot: 5 } },
      'options.agent',
      'options.agent must be an object with the method getInitialSnapshot (it has the number 5); received an object.',
    ],
    [
      { files: { stat() {} } },
      'options.files',
      'options.files must be an object with the method read (it has undefined); received an object.',
    ],
    [
      { clock: { now: 5 } },
      'options.clock',
      'options.clock must be an object with the method now (it has the number 5); received an object.',
    ],
    [
      { clock: { now() {}, setTimeout() {} } },
      'options.clock',
      'options.clock must be an object with the method clearTimeout (it has undefined); received an object.',
    ],
    [{ hooks: 1 }, 'options.hooks', `options.hooks ${notAnObject} the number 1.`],
    [
      { hooks: { init() {} } },
      'options.hooks.init',
      'options.hooks has no option "init"; it knows initialize, cleanup.',
    ],
    [
      { hooks: { cleanup: 'x' } },
      'options.hooks.cleanup',
      'options.hooks.cleanup must be a function; received the string "x".',
    ],
    [
      { countTokens: 4 },
      'options.countTokens',
      'options.countTokens must be a function; received the number 4.',
    ],
    [{ generateId: null }, 'options.generateId', 'options.generateId must be a function; received null.'],
    [
      { logger: null },
      'options.logger',
      'options.logger must be an object like console, or a function; received null.',
    ],
    [
      { logger: 'stderr' },
      'options.logger',
      'options.logger must be an object like console, or a function; received the string "stderr".',
    ],
    [
      { inspect: {} },
      'options.inspect',
      'options.inspect must be an object with the method next (it has undefined); received an object.',
    ],
    [{ supervision: null }, 'options.supervision', `options.supervision ${notAnObject} null.`],
    [
      { supervision: { restart: 'sometimes' } },
      'options.supervision.restart',
      'options.supervision.restart must be one of temporary, transient, permanent; received the string "sometimes".',
    ],
    [
      { supervision: { restarts: 3 } },
      'options.supervision.restarts',
      'options.supervision has no option "restarts"; it knows restart, maxRestarts, withinMs, backoffMs.',
    ],
    ...(
      [
        ['supervision', 'maxRestarts', -1, 'an integer from 0'],
        ['supervision', 'withinMs', 1.5, 'an integer from 0'],
        ['supervision', 'backoffMs', -Infinity, 'an integer from 0'],
        ['timeouts', 'initializeMs', 0, 'an integer from 1'],
        ['timeouts', 'terminateMs', Number.NaN, 'an integer from 1'],
        ['limits', 'maxSessions', -1, 'an integer from 0'],
        ['limits', 'maxMessageBytes', 0.5, 'an integer from 0'],
        ['limits', 'maxMetadataBytes', 2 ** 53, 'an integer from 0'],
        ['limits', 'maxPending', -5, 'an integer from 0'],
        ['limits', 'cacheBytes', Number.NaN, 'an integer from 0'],
        ...['maxMessages', 'maxTokens', 'maxFiles', 'idleAfterMs', 'sleepAfterMs', 'terminateAfterMs'].map(
          (key) => ['sessionDefaults', key, 0, 'an integer from 1'] as const,
        ),
      ] as const
    ).map(([group, key, value, expected]): [unknown, string, string] => [
      { [group]: { [key]: value } },
      `options.${group}.${key}`,
      `options.${group}.${key} must be ${expected}; received the number ${value}.`,
    ]),
    [{ timeouts: [] }, 'options.timeouts', `options.timeouts ${notAnObject} an array.`],
    [
      { timeouts: { startMs: 1 } },
      'options.timeouts.startMs',
      'options.timeouts has no option "startMs"; it knows initializeMs, terminateMs.',
    ],
    [
      { limits: { maxFiles: 1 } },
      'options.limits.maxFiles',
      'options.limits has no option "maxFiles"; it knows maxSessions, maxMessageBytes, maxMetadataBytes, maxPending, cacheBytes.',
    ],
    [
      { sessionDefaults: { maxMessage: 1 } },
      'options.sessionDefaults.maxMessage',
      'options.sessionDefaults has no option "maxMessage"; it knows maxMessages, maxTokens, maxFiles, idleAfterMs, sleepAfterMs, terminateAfterMs, features.',
    ],
    [
      { sessionDefaults: { features: 'a' } },
      'options.sessionDefaults.features',
      'options.sessionDefaults.features must be an array of names; received the string "a".',
    ],
    [
      { sessionDefaults: { features: ['a', ''] } },
      'options.sessionDefaults.features[1]',
      'options.sessionDefaults.features[1] must be a string of 1 to 1024 characters; received the string "".',
    ],
  ];
  it.each(cases)('%j at %s', (options, path, message) => {
    expect(() => resolveSettings(options as never)).toThrow(refused(path, message));
  });
});
