// Builds dist/: one CommonJS bundle (its modules run only when first imported), its V8 code cache, the terminal UI as a
// bundle of its own, and the schema generated from the Kubernetes OpenAPI models.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { generate } from './schema.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
await generate(join(root, 'node_modules/@kubernetes/client-node'), dist);

const common = { absWorkingDir: root, bundle: true, platform: 'node', target: 'node20', minify: true, legalComments: 'none', logLevel: 'warning' };
const bundle = await build({
  ...common,
  entryPoints: { main: 'src/main.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  metafile: true,
  define: { 'import.meta.url': '__url' },
  banner: { js: "const __url=require('node:url').pathToFileURL(__filename).href;" },
  external: ['./ui/index.js', './ui/app.js'],
});
writeFileSync(join(dist, 'meta.json'), JSON.stringify(bundle.metafile));
copyFileSync(join(root, '.build/start.cjs'), join(dist, 'start.cjs'));

const ui = join(root, 'src/podsim/ui/index.tsx');
if (existsSync(ui))
  await build({
    ...common,
    entryPoints: { ui },
    outdir: 'dist',
    outExtension: { '.js': '.mjs' },
    format: 'esm',
    alias: { 'react-devtools-core': './.build/empty.mjs' },
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  });

// The code cache is made by a run of the commonest command, so that it holds the functions that run needs.
const home = mkdtempSync(join(tmpdir(), 'podsim-build-'));
const environment = { ...process.env, PODSIM_HOME: home };
const podsim = (args, extra = {}) =>
  spawnSync(process.execPath, [join(root, 'bin/podsim.js'), ...args], { env: { ...environment, ...extra }, stdio: 'ignore' });
podsim(['run', 'web', '--image=nginx']);
podsim(['get', 'pods'], { PODSIM_WRITE_CODE_CACHE: '1' });
rmSync(home, { recursive: true, force: true });
