/** Whether a path, relative to the folder and with `/`, is left out. */
export type IgnoreRule = (path: string, isFolder: boolean) => boolean;

/** Never source code: other people's, generated, or a tool's own. */
const FOLDERS = new Set(
  `.git .hg .svn node_modules bower_components dist build out target vendor coverage .next .nuxt .cache .chartroom .venv venv
  __pycache__ .idea .vscode`.split(/\s+/),
);
const FILES =
  /^(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|Cargo\.lock|poetry\.lock|composer\.lock|go\.sum)$/;

/** The usual rules of a `.gitignore`; a rule that takes something back (`!`) is not read. */
export function ignoring(gitignore: string): IgnoreRule {
  const rules = gitignore
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith('!'))
    .map(ruleOf);
  return (path, isFolder) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    return (isFolder ? FOLDERS : FILES_BY_NAME).has(name) || rules.some((rule) => rule(path, isFolder));
  };
}

const FILES_BY_NAME = { has: (name: string) => FILES.test(name) };

function ruleOf(line: string): IgnoreRule {
  const onlyFolders = line.endsWith('/');
  const body = line.replace(/\/$/, '');
  const anchored = body.includes('/');
  const pattern = body
    .replace(/^\//, '')
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*\/|\*\*|\*|\?/g, (glob) => GLOBS[glob] ?? '');
  const matcher = new RegExp(`${anchored ? '^' : '(?:^|/)'}${pattern}$`);
  return (path, isFolder) => (isFolder || !onlyFolders) && matcher.test(path);
}

const GLOBS: Readonly<Record<string, string>> = {
  '**/': '(?:.*/)?',
  '**': '.*',
  '*': '[^/]*',
  '?': '[^/]',
};
