// `npm run twin [-- TEXT]`: the whole comparison, or of the commands that contain the text.
import { spawnSync } from 'node:child_process';

const env = { ...process.env, TWIN: process.argv.slice(2).join(' ') || 'all' };
const { status } = spawnSync('npx', ['vitest', 'run', 'test/twin/twin.test.ts', '--testTimeout=600000', '--hookTimeout=600000'], {
  env,
  stdio: 'inherit',
  shell: process.platform === 'win32',
});
process.exitCode = status ?? 1;
