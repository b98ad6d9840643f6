import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Exit {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const packageRoot = fileURLToPath(new URL('../..', import.meta.url));

/** Runs an ES module in a Node process of its own, which may die. Bare imports resolve from the package root. */
export function runModule(source: string, flags: readonly string[] = []): Promise<Exit> {
  const args = [...flags, '--input-type=module', '-e', source];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: packageRoot, env: {} }, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      if (typeof code === 'number') resolve({ code, stdout, stderr });
      else reject(error);
    });
  });
}
