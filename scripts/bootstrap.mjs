/**
 * Runs a script of this repository with the Node it needs: `node scripts/bootstrap.mjs SCRIPT [ARGUMENTS]`. Works with
 * Node 20 and nothing installed: installs the dependencies when they are not those of the lockfile, then starts the
 * script with the Node 24 that is one of them.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bin = join(root, 'node_modules', '.bin');

/** What is not as the lockfile says, or undefined when all is. */
function whatIsMissing() {
  const installedFile = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile) || !existsSync(join(bin, 'node'))) return 'nothing is installed yet';
  const { packages: wanted } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const { packages: installed } = JSON.parse(readFileSync(installedFile, 'utf8'));
  for (const [path, { version, optional, devOptional }] of Object.entries(wanted)) {
    if (path === '' || installed[path]?.version === version) continue;
    // Parts for other platforms are never installed here.
    if ((optional || devOptional) && installed[path] === undefined) continue;
    return `${path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)} is not ${version}`;
  }
  return undefined;
}

function install(missing) {
  process.stdout.write(`Installing the dependencies with npm ci: ${missing}\n`);
  // Its warnings are about this Node, which only starts the other one.
  const ci = ['ci', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  const [command, args] = npm?.endsWith('.js') ? [process.execPath, [npm, ...ci]] : ['npm', ci];
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (error !== undefined) process.stderr.write(`npm could not be started: ${error.message}\n`);
  if (status !== 0) process.exit(status ?? 1);
}

const [script, ...args] = process.argv.slice(2);
if (script === undefined) {
  process.stderr.write('usage: node scripts/bootstrap.mjs SCRIPT [ARGUMENTS]\n');
  process.exit(2);
}
const missing = whatIsMissing();
if (missing !== undefined) install(missing);

const child = spawn(join(bin, 'node'), [join(root, script), ...args], {
  stdio: 'inherit',
  env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  process.stderr.write(`Node 24 could not be started: ${error.message}\n`);
  process.exit(1);
});
child.on('close', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
