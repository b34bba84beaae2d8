import { podtemplates } from '../../../src/resources/podtemplates/index.js';
import { runDefaulting } from '../golden.js';

runDefaulting(podtemplates, 'podtemplate');
