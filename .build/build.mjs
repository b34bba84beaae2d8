// Builds dist/: the bundle in chunks (loaded when first imported) with V8's code cache, the terminal UI as a
// bundle of its own, and the schema generated from the Kubernetes OpenAPI models.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import { generate } from './schema.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
// Made beside and put in place when it is whole: a build that fails leaves the last one.
const dist = join(root, 'dist.new');
rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
await generate(join(root, 'node_modules/@kubernetes/client-node'), dist);

const common = { absWorkingDir: root, bundle: true, platform: 'node', target: 'node20', minify: true, legalComments: 'none', logLevel: 'warning' };
// Chunks, so that a command reads only what it runs. esbuild splits ES modules only; each chunk is then made a CommonJS module,
// which (unlike an ES module) can be loaded with V8's code cache.
const bundle = await build({
  ...common,
  entryPoints: { main: 'src/main.ts' },
  outdir: 'dist.new',
  format: 'esm',
  splitting: true,
  write: false,
  metafile: true,
  define: { 'import.meta.url': '__url' },
  external: ['./ui/index.js', './ui/app.js'],
});
for (const { path, text } of bundle.outputFiles) {
  const { code } = await transform(text, { format: 'cjs', minify: true, platform: 'node', target: 'node20', supported: { 'dynamic-import': false } });
  writeFileSync(path.replace(/\.js$/, '.cjs'), code.replace(/(require\("\.\/[^"]+)\.js"\)/g, '$1.cjs")'));
}
copyFileSync(join(root, '.build/start.cjs'), join(dist, 'start.cjs'));

const ui = join(root, 'src/podsim/ui/index.tsx');
if (existsSync(ui))
  await build({
    ...common,
    entryPoints: { ui },
    outdir: 'dist.new',
    outExtension: { '.js': '.mjs' },
    format: 'esm',
    alias: { 'react-devtools-core': './.build/empty.mjs' },
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  });

// Two packs: what the commonest reads run, and what writes and the simulation run besides. Their code caches hold the functions such
// runs compile.
const home = mkdtempSync(join(tmpdir(), 'podsim-build-'));
const warm = (pack, commands) => {
  const run = spawnSync(process.execPath, [join(root, '.build/warm.cjs'), dist, pack, JSON.stringify(commands)], {
    env: { PATH: process.env.PATH, PODSIM_HOME: home },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (run.status !== 0) throw new Error(`warming up ${pack} failed`);
  return run.stdout;
};
const manifest = (name) => join(root, 'fixtures/manifests', name);
const create = ['cluster', 'create', '--force', '--clock', 'paused'];
const runs = {
  read: [
    ['get', 'pods', '-A'],
    ['get', 'pods'],
  ],
  write: [
    ['apply', '-f', manifest('simple-pod.yaml')],
    ['create', 'deployment', 'web', '--image=nginx:1.27', '--replicas=3', '--port=80'],
    ['clock', 'advance', '1m', '-q'],
    ['expose', 'deployment', 'web'],
    ['clock', 'advance', '1m', '-q'],
    ['delete', 'deployment', 'web', '--wait=false'],
    ['clock', 'advance', '1m', '-q'],
  ],
};
warm('-', [create]);
const writing = JSON.parse(warm('-', runs.write));
const reading = JSON.parse(warm('-', runs.read));
const rest = writing.filter((id) => !reading.includes(id));
const packed = (ids) =>
  ids.map((id) => `${JSON.stringify(id)}:function(exports,require,module,__url){${readFileSync(join(dist, id), 'latin1')}\n}`).join(',\n');
writeFileSync(join(dist, 'write.pack.cjs'), `({${packed(rest)}})`, 'latin1');
writeFileSync(join(dist, 'read.pack.cjs'), `({rest:new Set(${JSON.stringify(rest)}),\n${packed(reading)}})`, 'latin1');
for (const id of [...reading, ...rest]) rmSync(join(dist, id));
warm('-', [create]);
warm('write', runs.write);
warm('read', runs.read);
rmSync(home, { recursive: true, force: true });

const done = join(root, 'dist');
rmSync(done, { recursive: true, force: true });
renameSync(dist, done);
