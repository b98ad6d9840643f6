// Runs before the scripts of package.json, on whatever Node the machine has: plain JavaScript, Node 20 or
// later, nothing from node_modules. Afterwards `node` inside an npm script is the pinned one of node_modules/.bin.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The packages of a lock file, or undefined when the file is missing or broken. */
function lockedPackages(path) {
  try {
    return JSON.parse(readFileSync(`${root}/${path}`, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** Compares what package-lock.json asks for with npm's own record of what it installed, written last. */
function isInstalled() {
  const wanted = lockedPackages('package-lock.json');
  const installed = lockedPackages('node_modules/.package-lock.json');
  if (wanted === undefined || installed === undefined) return false;
  return Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
    if (path === '') return true;
    const found = installed[path];
    // An optional package belongs to one platform; on the others npm leaves it out.
    if (found === undefined) return optional === true;
    return found.version === version && found.integrity === integrity;
  });
}

function install() {
  const npm = process.env.npm_execpath?.endsWith('npm-cli.js')
    ? [process.execPath, process.env.npm_execpath]
    : ['npm'];
  const [command, ...prefix] = npm;
  const runNpm = (...args) => {
    const { status, error } = spawnSync(command, [...prefix, ...args, '--loglevel=error'], {
      cwd: root,
      stdio: ['ignore', process.stderr, process.stderr],
      shell: command === 'npm' && process.platform === 'win32',
    });
    if (status === 0) return;
    fail(
      `'npm ${args[0]}' ${error ? `could not start: ${error.message}` : `failed (exit code ${status})`}.`,
      'Its own words are above. Check the network and the registry, then run the same command again.',
    );
  };
  // Of all install scripts only one is wanted, the one that fetches the pinned Node: left to itself npm 10 would
  // also have node-gyp look for a compiler, for a package that brings its binary along.
  runNpm('ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund');
  runNpm('rebuild', 'node', '--ignore-scripts=false');
}

function fail(...lines) {
  console.error(`\nchartroom: ${lines.join('\n  ')}`);
  process.exit(1);
}

if (!isInstalled()) {
  const started = performance.now();
  console.error('chartroom: installing dependencies as package-lock.json pins them (npm ci) …');
  install();
  console.error(`chartroom: installed in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
}

const pinnedNode = `${root}/node_modules/node/bin/node${process.platform === 'win32' ? '.exe' : ''}`;
if (!existsSync(pinnedNode)) {
  fail(
    'the pinned Node is missing: npm was told not to run install scripts.',
    'Put it there with: npm rebuild node --ignore-scripts=false',
  );
}
