'use strict';
// Runs commands with the build, for build.mjs: prints which chunks they ran, or keeps what they compiled of a pack.
const { join } = require('node:path');
const [dist, pack, commands] = process.argv.slice(2);
const start = require(join(dist, 'start.cjs'));
const sink = { write: () => true, isTTY: false };
const { env, stdin, stderr } = process;

async function run() {
  for (const argv of JSON.parse(commands)) {
    const code = await start.main({ argv: ['node', 'podsim', ...argv], env, stdin, stdout: sink, stderr, cwd: () => process.cwd() });
    if (code !== 0) throw new Error(`podsim ${argv.join(' ')}: exit ${code}`);
  }
  if (pack === '-') process.stdout.write(JSON.stringify(start.ran()));
  else start.writeCache(pack);
}
run();
