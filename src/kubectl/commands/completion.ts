/** kubectl completion (pkg/cmd/completion/completion.go): scripts that ask `__complete`. */
import { type Command, UsageError } from '../command.js';
import { scripts } from '../completion-scripts.js';

const command: Command<{ readonly shell: string }> = {
  use: 'completion SHELL',
  short: 'Print completion code for a shell (bash, zsh, fish or powershell)',
  long: 'Print completion code for bash, zsh, fish or powershell, to be evaluated by the shell.',
  examples: `# In bash, now
source <(kubectl completion bash)

# In bash, always
kubectl completion bash > ~/.kube/completion.bash.inc
printf "\\nsource '$HOME/.kube/completion.bash.inc'\\n" >> $HOME/.bash_profile

# In zsh
source <(kubectl completion zsh)

# In fish
kubectl completion fish | source

# In powershell
kubectl completion powershell | Out-String | Invoke-Expression`,
  flags: [],
  async complete(args) {
    if (args.length === 0) throw new UsageError('Shell not specified.', 'help');
    if (args.length > 1) throw new UsageError('Too many arguments. Expected only the shell type.', 'help');
    const [shell = ''] = args;
    if (!scripts.has(shell)) throw new UsageError(`Unsupported shell type "${shell}".`, 'help');
    return { shell };
  },
  async run({ shell }, factory) {
    factory.streams.out(scripts.get(shell) as string);
  },
};
export default command;
