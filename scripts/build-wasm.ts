/**
 * Builds `wasm/pkg` from `wasm/crates`. With `--check` it builds and compares instead of writing; with `--check-sources` it
 * only compares hashes with `wasm/pkg/build.json` and needs no toolchain.
 * Everything that it needs and does not find is prepared once and kept under `$XDG_CACHE_HOME/trefoil`.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, relative } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const WORKSPACE = join(ROOT, 'wasm');
const PKG = join(WORKSPACE, 'pkg');
const CACHE = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'trefoil');
const TOOLS = join(CACHE, 'tools');
const TARGET = 'wasm32-unknown-unknown';

/** Debian's Rust that can target wasm32, with the sources of its standard library, a linker and wasm-opt. */
const APT_PACKAGES = ['rustc-web', 'cargo-web', 'rust-web-src', 'rust-web-llvm', 'rust-web-clippy', 'lld-22', 'binaryen'];
const APT_LINKER = '/usr/bin/wasm-ld-22';
/** Must equal the `wasm-bindgen` crate of the lockfile. */
const WASM_BINDGEN = '0.2.130';
/** Reference types are off because wasm-opt of Debian 12 does not read all of their instructions. */
const RUSTFLAGS = ['-C', 'target-feature=+simd128,-reference-types'];
/** Link-time optimisation of the module reaches into the standard library only with its bitcode. */
const EMBED_BITCODE = ['-C', 'embed-bitcode=yes'];
/** Without it every sorted map of the module brings two sorting algorithms for long lists of its own type, 14 kB compressed in all. */
const STANDARD_LIBRARY_FEATURES = 'optimize_for_size';
const WASM_PACK_ARGUMENTS = ['--mode', 'no-install', '--target', 'web', '--release', '--no-pack', '--out-name', 'trefoil'];

interface Toolchain {
  /** Holds `rustc` and `cargo`. */
  readonly bin: string;
  /** Where the standard library for wasm32 is, when it is not part of the toolchain. */
  readonly sysroot: string | null;
}

interface BuildRecord {
  readonly sources: string;
  readonly toolchain: Record<string, string>;
  readonly files: Record<string, string>;
}

const say = (text: string): void => void process.stderr.write(`${text}\n`);
const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

function run(command: string, args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): void {
  execFileSync(command, args, { stdio: ['ignore', 2, 2], ...options });
}

const output = (command: string, args: readonly string[]): string => execFileSync(command, args, { encoding: 'utf8' }).trim();

function hasStandardLibrary(rustc: string): boolean {
  try {
    const directory = output(rustc, ['--print', 'target-libdir', '--target', TARGET]);
    return readdirSync(directory).some((name) => name.startsWith('libstd-'));
  } catch {
    return false;
  }
}

/** A toolchain that already targets wasm32 if there is one, otherwise Debian's with a standard library built here. */
function prepareToolchain(): Toolchain {
  const path = (process.env['PATH'] ?? '').split(':').filter((bin) => existsSync(join(bin, 'rustc')) && existsSync(join(bin, 'cargo')));
  const ready = path.find((bin) => hasStandardLibrary(join(bin, 'rustc')));
  if (ready !== undefined) return fetchCrates({ bin: ready, sysroot: null });
  if (!existsSync(APT_LINKER) || !existsSync('/usr/bin/rustc') || !existsSync('/usr/bin/wasm-opt')) installPackages();
  fetchCrates({ bin: '/usr/bin', sysroot: null });
  return { bin: '/usr/bin', sysroot: prepareStandardLibrary() };
}

/** Before anything is compiled, so that the folder of the crates' sources is there when its path is replaced. */
function fetchCrates(toolchain: Toolchain): Toolchain {
  run(join(toolchain.bin, 'cargo'), ['fetch', '--locked', '--quiet'], { cwd: WORKSPACE });
  return toolchain;
}

function installPackages(): void {
  const command = ['apt-get', 'install', '--yes', '--no-install-recommends', ...APT_PACKAGES];
  if (process.getuid?.() !== 0) {
    say('No Rust toolchain here targets wasm32. Run one of these once and start again:');
    say(`  rustup target add ${TARGET}`);
    say(`  sudo ${command.join(' ')}`);
    process.exit(1);
  }
  say(`Installing ${APT_PACKAGES.join(' ')}`);
  run('apt-get', ['update']);
  run('apt-get', command.slice(1), { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
}

/** Builds the standard library from its packaged sources, once for each version of the compiler. */
function prepareStandardLibrary(): string {
  const recipe = sha256([output('/usr/bin/rustc', ['-vV']), ...RUSTFLAGS, ...EMBED_BITCODE, STANDARD_LIBRARY_FEATURES].join('\n'));
  const sysroot = join(CACHE, `sysroot-${recipe.slice(0, 12)}`);
  const library = join(sysroot, 'lib/rustlib', TARGET, 'lib');
  if (existsSync(library)) return sysroot;
  say('Building the Rust standard library for wasm32 (once, about a minute)');
  const empty = mkdtempSync(join(tmpdir(), 'trefoil-std-'));
  mkdirSync(join(empty, 'src'));
  writeFileSync(join(empty, 'Cargo.toml'), '[package]\nname = "empty"\nversion = "0.0.0"\nedition = "2024"\n');
  writeFileSync(join(empty, 'src/lib.rs'), '');
  const fromSource = ['-Z', 'build-std=std,panic_abort', '-Z', `build-std-features=${STANDARD_LIBRARY_FEATURES}`];
  run('/usr/bin/cargo', ['build', '--release', '-j2', ...fromSource, '--target', TARGET], {
    cwd: empty,
    env: { ...environment({ bin: '/usr/bin', sysroot: null }, EMBED_BITCODE), RUSTC_BOOTSTRAP: '1' },
  });
  const built = join(empty, 'target', TARGET, 'release/deps');
  mkdirSync(library, { recursive: true });
  for (const name of readdirSync(built)) {
    if (name.endsWith('.rlib') && !name.startsWith('libempty-')) cpSync(join(built, name), join(library, name));
  }
  rmSync(empty, { recursive: true });
  return sysroot;
}

/** wasm-pack asks rustc where the library of the target is; this rustc names the one that was built here. */
function writeCompilerShim(sysroot: string): string {
  const bin = join(sysroot, 'bin');
  const question = `--target ${TARGET} --print target-libdir`;
  const script = `#!/bin/sh\nif [ "$*" = "${question}" ]; then echo "${join(sysroot, 'lib/rustlib', TARGET, 'lib')}"; else exec /usr/bin/rustc "$@"; fi\n`;
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'rustc'), script, { mode: 0o755 });
  return bin;
}

/** The variables of a build. Paths of this machine are replaced, so that they are not in the module. */
function environment(toolchain: Toolchain, extraFlags: readonly string[] = []): NodeJS.ProcessEnv {
  const cargoHome = process.env['CARGO_HOME'] ?? join(homedir(), '.cargo');
  const registry = join(cargoHome, 'registry/src');
  const indexes = existsSync(registry) ? readdirSync(registry).map((name) => join(registry, name)) : [];
  const rustSource = join(output(join(toolchain.bin, 'rustc'), ['--print', 'sysroot']), 'lib/rustlib/src/rust');
  const remapped = [
    [tmpdir(), '/build'],
    [rustSource, '/rust'],
    [cargoHome, '/cargo'],
    ...indexes.map((index) => [index, '/crates']),
    [WORKSPACE, '/trefoil'],
  ];
  const flags = [...RUSTFLAGS, ...extraFlags, ...remapped.map(([from, to]) => `--remap-path-prefix=${from}=${to}`)];
  if (toolchain.sysroot !== null) flags.push('--sysroot', toolchain.sysroot);
  return {
    ...process.env,
    PATH: [
      ...(toolchain.sysroot === null ? [] : [writeCompilerShim(toolchain.sysroot)]),
      toolchain.bin,
      join(TOOLS, 'bin'),
      process.env['PATH'] ?? '',
    ].join(':'),
    CARGO_ENCODED_RUSTFLAGS: flags.join('\x1f'),
    ...(existsSync(APT_LINKER) ? { CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER: APT_LINKER } : {}),
  };
}

function prepareTools(toolchain: Toolchain): void {
  const install = (crate: string, ...version: string[]): void => {
    say(`Installing ${crate} (once, about two minutes)`);
    run(join(toolchain.bin, 'cargo'), ['install', crate, ...version, '--root', TOOLS, '-j2'], {
      env: { ...process.env, PATH: `${toolchain.bin}:${process.env['PATH'] ?? ''}` },
    });
  };
  const bindgen = join(TOOLS, 'bin/wasm-bindgen');
  if (!existsSync(bindgen) || output(bindgen, ['--version']) !== `wasm-bindgen ${WASM_BINDGEN}`) {
    install('wasm-bindgen-cli', '--version', WASM_BINDGEN, '--force');
  }
  if (!existsSync(join(TOOLS, 'bin/wasm-pack'))) install('wasm-pack');
}

/** Every file that goes into the module, and the settings above. */
function hashSources(): string {
  const listed = readdirSync(join(WORKSPACE, 'crates'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => /^crates\/[^/]+\/(Cargo\.toml$|src\/)/.test(relative(WORKSPACE, file)));
  const files = [join(WORKSPACE, 'Cargo.toml'), join(WORKSPACE, 'Cargo.lock'), ...listed].sort();
  const lines = files.map((file) => `${sha256(readFileSync(file))}  ${relative(WORKSPACE, file)}`);
  return sha256([...lines, JSON.stringify([WASM_BINDGEN, RUSTFLAGS, WASM_PACK_ARGUMENTS])].join('\n'));
}

function toolchainVersions(toolchain: Toolchain): Record<string, string> {
  const wasmOpt = execFileSync('wasm-opt', ['--version'], { encoding: 'utf8', env: environment(toolchain) }).trim();
  return {
    rustc: output(join(toolchain.bin, 'rustc'), ['--version']),
    standardLibrary: toolchain.sysroot === null ? 'of the toolchain' : 'built from its sources',
    wasmBindgen: WASM_BINDGEN,
    wasmOpt,
    wasmPack: output(join(TOOLS, 'bin/wasm-pack'), ['--version']),
  };
}

/** Builds into a directory of its own. */
function build(toolchain: Toolchain, directory: string): Record<string, string> {
  run(join(TOOLS, 'bin/wasm-pack'), ['build', 'crates/bindings', ...WASM_PACK_ARGUMENTS, '--out-dir', directory, '--', '--locked', '-j2'], {
    cwd: WORKSPACE,
    env: environment(toolchain),
  });
  rmSync(join(directory, '.gitignore'), { force: true });
  const wasm = readFileSync(join(directory, 'trefoil_bg.wasm')).toString('latin1');
  for (const path of [homedir(), ROOT, CACHE, tmpdir(), '.cargo/registry']) {
    if (wasm.includes(path)) throw new Error(`the module contains the path ${path}`);
  }
  return Object.fromEntries(
    readdirSync(directory)
      .sort()
      .map((name) => [name, sha256(readFileSync(join(directory, name)))]),
  );
}

const readRecord = (): BuildRecord => JSON.parse(readFileSync(join(PKG, 'build.json'), 'utf8')) as BuildRecord;

/** Whether `wasm/pkg` is what was built from the sources of this tree. */
function checkSources(record: BuildRecord): boolean {
  if (record.sources !== hashSources()) {
    say('wasm/pkg was built from other sources: run scripts/build-wasm.ts');
    return false;
  }
  const changed = Object.entries(record.files).filter(([name, hash]) => sha256(readFileSync(join(PKG, name))) !== hash);
  for (const [name] of changed) say(`wasm/pkg/${name} is not the file that was built`);
  return changed.length === 0;
}

function rebuildsTheSame(record: BuildRecord): boolean {
  const toolchain = prepareToolchain();
  prepareTools(toolchain);
  const versions = toolchainVersions(toolchain);
  const differing = Object.keys(versions).filter((name) => versions[name] !== record.toolchain[name]);
  if (differing.length > 0) {
    say(`The sources are those of wasm/pkg. Its bytes were not compared: other ${differing.join(', ')} here.`);
    return true;
  }
  const directory = mkdtempSync(join(tmpdir(), 'trefoil-pkg-'));
  const files = build(toolchain, directory);
  rmSync(directory, { recursive: true });
  const changed = Object.keys({ ...files, ...record.files }).filter((name) => files[name] !== record.files[name]);
  say(changed.length === 0 ? 'wasm/pkg rebuilds to the same bytes' : `A rebuild differs in ${changed.join(', ')}`);
  return changed.length === 0;
}

function write(): void {
  const toolchain = prepareToolchain();
  prepareTools(toolchain);
  const directory = mkdtempSync(join(tmpdir(), 'trefoil-pkg-'));
  const record: BuildRecord = { sources: hashSources(), toolchain: toolchainVersions(toolchain), files: build(toolchain, directory) };
  rmSync(PKG, { recursive: true, force: true });
  cpSync(directory, PKG, { recursive: true });
  rmSync(directory, { recursive: true });
  writeFileSync(join(PKG, 'build.json'), `${JSON.stringify(record, null, 2)}\n`);
  say(`Wrote ${relative(process.cwd(), PKG)}`);
}

if (process.argv.includes('--check-sources')) {
  process.exitCode = checkSources(readRecord()) ? 0 : 1;
} else if (process.argv.includes('--check')) {
  process.exitCode = checkSources(readRecord()) && rebuildsTheSame(readRecord()) ? 0 : 1;
} else {
  write();
}
