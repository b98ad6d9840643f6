import { extname } from 'node:path';
import type { AnyStateMachine } from 'xstate';
import type { JsonObject } from '../data.ts';
import {
  type Chart,
  chartOf,
  drawSvg,
  isDiagramError,
  layOut,
  outlineOf,
  type Theme,
  toMermaid,
} from '../diagram/index.ts';
import { isMachine } from '../diagram/machine.ts';
import { checkTrace, TRACE_FORMAT } from '../testing/trace.ts';
import { parseCommand, takePositionals, UsageError } from './arguments.ts';
import { checkFree, readText, writeWhole } from './files.ts';
import { loadExports, namesIn } from './modules.ts';
import { type Command, DONE, type Surroundings } from './surroundings.ts';
import { counted, printable } from './text.ts';

/** By the extension of the file that is written. */
const FORMATS = ['svg', 'mmd', 'txt'] as const;
type Format = (typeof FORMATS)[number];

/** A layout of so many states may take longer than one waits without a word. */
const MANY_STATES = 60;

export const diagram: Command = {
  help: `Usage: chartroom diagram MODULE[#EXPORT] [options]
       chartroom diagram TRACE.json[#NAME] [options]

Draws a machine of XState: the one that MODULE, a JavaScript or TypeScript file,
exports, or EXPORT of several; or a chart of a trace, a definition or a config,
which are files of JSON. A picture is laid out by elkjs, which has to be
installed; Mermaid and text need no layout.

  --output, -o FILE  a new file instead of the standard output; what is drawn
                     depends on its name: .svg, .mmd (Mermaid) or .txt (an
                     indented outline)
  --format FORMAT    svg (the default), mmd or txt, whatever the name
  --theme THEME      light (the default) or dark, of a picture
  --force            replaces a file that is there already
  --help, -h         this text

Exit codes: 0 done, 1 failed, 2 wrong usage.
`,

  async run(argv, surroundings) {
    const { values, positionals } = parseCommand(argv, {
      output: { type: 'string', short: 'o' },
      format: { type: 'string' },
      theme: { type: 'string' },
      force: { type: 'boolean' },
    });
    const [where = ''] = takePositionals(positionals, ['MODULE']);
    const { output, force = false } = values;
    const format = takeFormat(values.format, output);
    const theme = takeTheme(values.theme, format);
    if (output !== undefined) checkFree(output, force);
    const source = await loadSource(surroundings, where);
    const chart = chartOf(source);
    const text = await draw(chart, format, theme, surroundings);
    if (output === undefined) surroundings.stdout.write(text);
    else {
      writeWhole(output, text, { force });
      surroundings.stdout.write(`${output}: ${printable(chart.id)}, ${sizeOf(chart)}.\n`);
    }
    return DONE;
  },
};

function takeFormat(format: string | undefined, output: string | undefined): Format {
  const wanted = format ?? (output === undefined ? 'svg' : extname(output).slice(1).toLowerCase());
  const found = FORMATS.find((each) => each === wanted);
  if (found) return found;
  throw new UsageError(
    format === undefined
      ? `${output} must end in .svg, .mmd or .txt, or --format say which it is.`
      : `--format must be svg, mmd or txt, got ${JSON.stringify(format)}.`,
  );
}

function takeTheme(theme: string | undefined, format: Format): Theme {
  if (theme !== undefined && format !== 'svg')
    throw new UsageError('--theme is for pictures, which end in .svg.');
  if (theme === undefined || theme === 'light' || theme === 'dark') return theme ?? 'light';
  throw new UsageError(`--theme must be light or dark, got ${JSON.stringify(theme)}.`);
}

async function draw(chart: Chart, format: Format, theme: Theme, { stderr }: Surroundings): Promise<string> {
  if (format === 'mmd') return toMermaid(chart);
  if (format === 'txt') return outlineOf(chart);
  if (chart.states.length > MANY_STATES)
    stderr.write(`Laying out ${counted(chart.states.length, 'state')} …\n`);
  try {
    return drawSvg(chart, await layOut(chart), { theme });
  } catch (error) {
    if (!isDiagramError(error)) throw error;
    const reason = error.message.replace(/\.$/, '');
    throw new Error(`${reason}. Mermaid and text need no layout: -o NAME.mmd, -o NAME.txt`, {
      cause: error,
    });
  }
}

type Source = Parameters<typeof chartOf>[0];

async function loadSource(surroundings: Surroundings, where: string): Promise<Source> {
  const found = /\.json(#|$)/i.test(where) ? namedIn(where) : await machinesOf(surroundings, where);
  const [only, another] = found;
  if (only && !another) return only.source;
  const names = found.map(({ name }) => printable(name)).join(', ');
  throw new UsageError(`${where} has ${found.length} machines; name one behind a #: ${names}.`);
}

interface Named {
  readonly name: string;
  readonly source: Source;
}

async function machinesOf(surroundings: Surroundings, where: string): Promise<Named[]> {
  const { file, wanted, exported } = await loadExports(surroundings, where);
  const names = new Map<AnyStateMachine, string>();
  for (const [name, value] of Object.entries(exported)) {
    if (!isMachine(value) || (wanted !== undefined && name !== wanted)) continue;
    // The default export may have a name besides.
    const known = names.get(value);
    if (known === undefined || known === 'default') names.set(value, name);
  }
  const found = [...names].map(([source, name]) => ({ name, source }));
  if (found.length > 0) return found;
  throw new UsageError(
    wanted === undefined
      ? `${file} exports no machine of XState; it exports ${namesIn(exported)}.`
      : `The export ${wanted} of ${file} is no machine of XState.`,
  );
}

/** Of a trace its definitions; of anything else that it is a definition or a config itself, `chartOf` finds out. */
function namedIn(where: string): Named[] {
  const at = where.lastIndexOf('#');
  const [file, wanted] = at < 0 ? [where] : [where.slice(0, at), where.slice(at + 1)];
  const content = parse(file, readText(file));
  if (content.format === TRACE_FORMAT) checkTraceIn(file, content);
  const { definitions } = content;
  if (typeof definitions !== 'object' || definitions === null || Array.isArray(definitions))
    return [{ name: '', source: machineIn(file, content) }];
  const all = Object.entries(definitions as JsonObject).map(([name, source]) => ({
    name,
    source: source as JsonObject,
  }));
  const found = wanted === undefined ? all : all.filter(({ name }) => name === wanted);
  const names = all.map(({ name }) => printable(name)).join(', ') || 'none';
  if (found.length === 0)
    throw new UsageError(`${file} has no chart ${wanted ?? 'at all'}; it has ${names}.`);
  return found;
}

function checkTraceIn(file: string, content: JsonObject): void {
  try {
    checkTrace(content);
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
  }
}

/** One of these stands in every description of a machine; without any, all JSON would be one that is empty. */
const OF_A_MACHINE = ['id', 'states', 'initial', 'type', 'on', 'always', 'after', 'invoke', 'entry', 'exit'];

function machineIn(file: string, content: JsonObject): JsonObject {
  if (OF_A_MACHINE.some((key) => Object.hasOwn(content, key))) return content;
  throw new Error(
    `${file} is neither a trace, nor a definition or a config of a machine: it has none of ${OF_A_MACHINE.join(', ')}.`,
  );
}

function parse(file: string, text: string): JsonObject {
  try {
    const content: unknown = JSON.parse(text);
    if (typeof content === 'object' && content !== null && !Array.isArray(content))
      return content as JsonObject;
  } catch (error) {
    throw new Error(`${file} is not JSON: ${(error as Error).message}.`, { cause: error });
  }
  throw new Error(
    `${file} holds no JSON object: neither a trace, nor a definition or a config of a machine.`,
  );
}

function sizeOf({ states, edges }: Chart): string {
  return `${counted(states.length - 1, 'state')}, ${counted(edges.length, 'transition')}`;
}
