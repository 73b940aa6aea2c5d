import { App } from 'aws-cdk-lib';
import { ReleaseStack } from './lib/release';
import { EdnaStack } from './lib/stack';
import { readSettings } from './lib/settings';

const app = new App();
const settings = readSettings(app.node);
// Both for whichever account and region the credentials are for: nothing is looked up, so that a template is the same wherever it is made.
new ReleaseStack(app, 'EdnaRelease', settings, { description: 'EDNA: where its image lies, and who may release it' });
new EdnaStack(app, 'Edna', settings, { description: 'EDNA: the service in front of a bucket of training data' });
