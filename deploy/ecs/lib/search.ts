import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as opensearch from 'aws-cdk-lib/aws-opensearchservice';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { Network, tasks } from './network';
import { Settings } from './settings';

/** Where searches go: a domain of the stack's own, or a server that is there. */
export class Search extends Construct {
  /** The domain; undefined where an address was given. */
  readonly domain?: opensearch.Domain;
  readonly environment: Record<string, string>;
  readonly secrets: Record<string, ecs.Secret> = {};

  constructor(scope: Construct, network: Network, settings: Settings) {
    super(scope, 'Search');
    const common = { Edna__Search__Provider: 'Elasticsearch' };
    if (settings.search !== 'domain') {
      const address = new URL(settings.search);
      if (address.port !== '') network.silos.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(Number(address.port)), 'The search server');
      this.environment = { ...common, Edna__Search__Elasticsearch__Address: settings.search };
      if (settings.searchKey === undefined) return;
      this.environment.Edna__Search__Elasticsearch__Authentication = 'ApiKey';
      this.secrets.Edna__Search__Elasticsearch__ApiKey = ecs.Secret.fromSecretsManager(secretsmanager.Secret.fromSecretNameV2(this, 'Key', settings.searchKey));
      return;
    }
    const group = new ec2.SecurityGroup(this, 'Group', { vpc: network.vpc, description: 'The search domain', allowAllOutbound: false });
    group.addIngressRule(network.silos, ec2.Port.tcp(443), 'Silos');
    this.domain = new opensearch.Domain(this, 'Domain', {
      version: opensearch.EngineVersion.OPENSEARCH_2_19,
      vpc: network.vpc,
      vpcSubnets: [{ subnetGroupName: tasks }],
      securityGroups: [group],
      capacity: { dataNodes: 2, dataNodeInstanceType: `${settings.searchNode}.search`, multiAzWithStandbyEnabled: false },
      zoneAwareness: { enabled: true, availabilityZoneCount: 2 },
      ebs: { volumeSize: 50, volumeType: ec2.EbsDeviceVolumeType.GP3 },
      encryptionAtRest: { enabled: true },
      nodeToNodeEncryption: true,
      enforceHttps: true,
      tlsSecurityPolicy: opensearch.TLSSecurityPolicy.TLS_1_2_PFS,
      // What it holds is made anew from the table.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.environment = {
      ...common,
      Edna__Search__Elasticsearch__Flavor: 'OpenSearch',
      Edna__Search__Elasticsearch__Address: `https://${this.domain.domainEndpoint}`,
      Edna__Search__Elasticsearch__Authentication: 'Aws',
      Edna__Search__Elasticsearch__AwsService: 'es',
      Edna__Search__Elasticsearch__AwsRegion: Stack.of(this).region,
    };
  }

  /** Lets a role in by the domain's own policy, so that what is not signed by somebody of the account is refused. */
  letIn(role: iam.IRole, actions: string[]): void {
    if (this.domain === undefined) return;
    // By CloudFormation itself: CDK's own way is a function. The policy is the domain's, so that * is the domain.
    (this.domain.node.defaultChild as opensearch.CfnDomain).accessPolicies = new iam.PolicyDocument({
      statements: [new iam.PolicyStatement({ principals: [new iam.ArnPrincipal(role.roleArn)], actions, resources: ['*'] })],
    });
  }
}
