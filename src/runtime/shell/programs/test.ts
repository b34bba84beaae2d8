/** test(1) and [(1) as programs of their own, for whoever runs them without a shell; what they mean is the shell's affair. */
import type { Program } from '../program.js';

export const test: Program = {
  name: 'test',
  aliases: ['['],
  run(context) {
    const started = context.state as { readonly pid: number } | undefined;
    const pid = started?.pid ?? context.spawn(['sh', '-c', `${context.name} "$@"`, context.name, ...context.args]);
    context.state = { pid };
    return context.child(pid) ?? { wait: 'children', pids: [pid] };
  },
};
