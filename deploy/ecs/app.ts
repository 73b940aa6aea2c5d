import { App } from 'aws-cdk-lib';
import { ReleaseStack } from './lib/release';
import { EdnaStack } from './lib/stack';
import { Settings, readSettings } from './lib/settings';

/** Settings, or one line about the one that is wrong. */
function settingsOf(app: App): Settings {
  try {
    return readSettings(app.node);
  } catch (refused) {
    console.error((refused as Error).message);
    process.exit(1);
  }
}

const app = new App();
const settings = settingsOf(app);
// Both for whichever account and region the credentials are for: nothing is looked up, so that a template is the same wherever it is made.
new ReleaseStack(app, 'EdnaRelease', settings, { description: 'EDNA: where its image lies, and who may release it' });
new EdnaStack(app, 'Edna', settings, { description: 'EDNA: the service in front of a bucket of training data' });
