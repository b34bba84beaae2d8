/** kubectl apply edit-last-applied (pkg/cmd/apply/apply_edit_last_applied.go). */
import { hasFiles, NOTHING_NAMED, type Request, requestOf } from '../builder/index.js';
import { type Command, type FlagValues, UsageError } from '../command.js';
import { editLastApplied } from '../editing.js';
import { RECORD } from '../record.js';
import * as shared from '../shared-flags.js';

const command: Command<{ readonly request: Request; readonly flags: FlagValues }> = {
  use: 'edit-last-applied (RESOURCE/NAME | -f FILENAME)',
  short: 'Edit the last-applied-configuration annotation of an object',
  long: 'Edit what was applied last, as the annotation of the object has it, in your editor: KUBE_EDITOR, EDITOR, or vi. Nothing else of the object changes.',
  examples: `# In YAML
kubectl apply edit-last-applied deployment/nginx

# In JSON
kubectl apply edit-last-applied -f deploy.yaml -o json`,
  flags: [
    ...shared.PRINT,
    { ...shared.FIELD_MANAGER('kubectl-client-side-apply') },
    ...shared.FILES('Files, directories or URLs that name the objects'),
    RECORD,
    shared.VALIDATE,
    { name: 'windows-line-endings', type: 'bool', usage: 'End lines as Windows does. By default as this machine does.' },
  ],
  async complete(args, flags) {
    const request = requestOf(flags, args);
    if (args.length === 0 && !hasFiles(request)) {
      throw new UsageError(NOTHING_NAMED);
    }
    return { request, flags };
  },
  run: ({ request, flags }, factory) => editLastApplied(factory, flags, request),
};
export default command;
