'use strict';
// Runs one command with the build, for build.mjs: prints which chunks it ran, or keeps what it compiled of a pack.
const { join } = require('node:path');
const [dist, pack, ...argv] = process.argv.slice(2);
const start = require(join(dist, 'start.cjs'));
const sink = { write: () => true, isTTY: false };
const { env, stdin, stderr } = process;
start.main({ argv: ['node', 'podsim', ...argv], env, stdin, stdout: sink, stderr, cwd: () => process.cwd() }).then((code) => {
  process.exitCode = code;
  if (code !== 0) return;
  if (pack === '-') process.stdout.write(JSON.stringify(start.ran()));
  else start.writeCache(pack);
});
