import { CfnOutput, RemovalPolicy, Stack, StackProps } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { Settings } from './settings';

/** The repository's name, by which the other stack finds it. */
export const repositoryName = 'edna';

const issuer = 'token.actions.githubusercontent.com';

/** What is there before EDNA runs: the place of its image, and the role of the workflows that build and deploy it. */
export class ReleaseStack extends Stack {
  constructor(scope: Construct, id: string, settings: Settings, props: StackProps) {
    super(scope, id, props);
    const repository = new ecr.Repository(this, 'Repository', {
      repositoryName, imageScanOnPush: true, encryption: ecr.RepositoryEncryption.AES_256, imageTagMutability: ecr.TagMutability.IMMUTABLE,
      lifecycleRules: [{ maxImageCount: 50 }], removalPolicy: RemovalPolicy.DESTROY, emptyOnDelete: true,
    });
    new CfnOutput(this, 'RepositoryUri', { value: repository.repositoryUri, description: 'Where the image belongs.' });
    if (settings.github !== undefined) this.letIn(settings.github, settings.githubKnown, repository);
  }

  /** Workflows show a token of GitHub's, and are given credentials for an hour: no key is kept anywhere. */
  private letIn(github: string, known: boolean, repository: ecr.Repository): void {
    const provider = known
      ? this.formatArn({ service: 'iam', region: '', resource: 'oidc-provider', resourceName: issuer })
      : new iam.CfnOIDCProvider(this, 'GitHub', { url: `https://${issuer}`, clientIdList: ['sts.amazonaws.com'] }).attrArn;
    const role = new iam.Role(this, 'Releaser', {
      description: `Workflows of ${github}, in its environment production`,
      assumedBy: new iam.WebIdentityPrincipal(provider, {
        StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com', [`${issuer}:sub`]: `repo:${github}:environment:production` },
      }),
    });
    repository.grantPullPush(role);
    // What `cdk deploy` does it does as the roles that `cdk bootstrap` made.
    const roles = ['deploy', 'file-publishing', 'lookup'].map(kind => this.formatArn({ service: 'iam', region: '', resource: 'role', resourceName: `cdk-hnb659fds-${kind}-role-${this.account}-${this.region}` }));
    role.addToPolicy(new iam.PolicyStatement({ actions: ['sts:AssumeRole'], resources: roles }));
    new CfnOutput(this, 'ReleaserRole', { value: role.roleArn, description: 'What the variable AWS_ROLE of the repository at GitHub is set to.' });
  }
}
