/** find(1): all is found first; then the commands run that its expression asks for. */
import type { Program, ProgramContext, Wait } from '../../program.js';
import { parseExpression } from './expression.js';
import { Search } from './search.js';

interface FindState {
  /** Commands still to run. */
  queue: (readonly string[])[];
  pid?: number;
  status: number;
}

export const find: Program = {
  name: 'find',
  run(context): number | Wait {
    const state = (context.state ?? search(context)) as FindState;
    context.state = state;
    for (;;) {
      if (state.pid !== undefined) {
        if (context.child(state.pid) === undefined) return { wait: 'children', pids: [state.pid] };
        delete state.pid;
      }
      const argv = state.queue.shift();
      if (argv === undefined) return state.status;
      const pid = context.spawn(argv);
      const code = context.child(pid);
      if (code === 127 || code === 126) {
        context.err(context.flavour === 'ash' ? `find: ${argv[0]}: No such file or directory\n` : `find: '${argv[0]}': No such file or directory\n`);
        state.status = 1;
      } else state.pid = pid;
    }
  },
};

function search(context: ProgramContext): FindState {
  const args = [...context.args];
  const links = args[0] !== undefined && /^-[HLP]$/.test(args[0]) ? args.shift() : undefined;
  const roots: string[] = [];
  while (args[0] !== undefined && !/^[-(!]/.test(args[0])) roots.push(args.shift() as string);
  const found = new Search(context, links === '-L' || args.includes('-follow'));
  const test = parseExpression(args, found);
  if (test !== undefined) found.run(roots.length === 0 ? ['.'] : roots, test);
  return { queue: found.commands, status: found.status };
}
