/** kubectl cordon (pkg/cmd/drain/drain.go). */
import { cordonCommand } from '../cordoning.js';

export default cordonCommand(
  'cordon',
  'Mark a node as unschedulable',
  'Mark a node as unschedulable: what runs there stays, new pods go elsewhere.',
  '# No new pods on "foo"\nkubectl cordon foo',
);
