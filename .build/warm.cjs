'use strict';
// Runs commands with the build, for build.mjs: prints which chunks they ran, or keeps what they compiled of a pack.
const { join } = require('node:path');
const [dist, pack, commands] = process.argv.slice(2);
const { setFlagsFromString } = require('node:v8');
// What is compiled once is to be kept, be it run once only.
setFlagsFromString('--no-flush-bytecode');
const start = require(join(dist, 'start.cjs'));
const sink = { write: () => true, isTTY: false };
const { env, stdin, stderr } = process;

async function run() {
  for (const argv of JSON.parse(commands)) {
    const code = await start.main({ argv: ['node', 'podsim', ...argv], env, stdin, stdout: sink, stderr, cwd: () => process.cwd() });
    if (code !== 0) throw new Error(`podsim ${argv.join(' ')}: exit ${code}`);
  }
  if (pack === '-') process.stdout.write(JSON.stringify(start.ran()));
  else {
    // V8 refuses the cache of a process with other flags.
    setFlagsFromString('--flush-bytecode');
    start.writeCache(pack);
  }
}
void run();
