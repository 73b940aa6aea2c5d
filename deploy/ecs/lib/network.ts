import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as logs from 'aws-cdk-lib/aws-logs';
import { RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Settings } from './settings';

/** Ports as the image has them. */
export const ports = { gateway: 8080, siloStatus: 9090, silo: 11111, cluster: 30000 };

/** The subnets of everything of EDNA's. */
export const tasks = 'tasks';

/** Two zones; tasks without public addresses; S3 and DynamoDB by gateway endpoints, which cost nothing. */
export class Network extends Construct {
  readonly vpc: ec2.Vpc;
  readonly gateways: ec2.SecurityGroup;
  readonly silos: ec2.SecurityGroup;
  readonly link: ec2.SecurityGroup;

  constructor(scope: Construct, settings: Settings) {
    super(scope, 'Network');
    const wayOut = settings.egress !== 'endpoints';
    this.vpc = new ec2.Vpc(this, 'Vpc', {
      ...(settings.zones.length > 0 ? { availabilityZones: settings.zones } : { maxAzs: 2 }),
      // One is cheaper; what is in the other zone has no way out when its zone fails.
      natGateways: { nat: 1, nats: 2, endpoints: 0 }[settings.egress],
      subnetConfiguration: [
        ...(wayOut ? [{ name: 'out', subnetType: ec2.SubnetType.PUBLIC, cidrMask: 26, mapPublicIpOnLaunch: false }] : []),
        { name: tasks, subnetType: wayOut ? ec2.SubnetType.PRIVATE_WITH_EGRESS : ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 22 },
      ],
      gatewayEndpoints: { S3: { service: ec2.GatewayVpcEndpointAwsService.S3 }, DynamoDb: { service: ec2.GatewayVpcEndpointAwsService.DYNAMODB } },
    });
    const refused = new logs.LogGroup(this, 'Refused', { retention: logs.RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.DESTROY });
    this.vpc.addFlowLog('Flow', { destination: ec2.FlowLogDestination.toCloudWatchLogs(refused), trafficType: ec2.FlowLogTrafficType.REJECT });

    this.link = this.group('Link', 'The way of the API into the network');
    this.gateways = this.group('Gateways', 'The gateways of EDNA');
    this.silos = this.group('Silos', 'The silos of EDNA');
    this.allow(this.link, this.gateways, ports.gateway, 'Requests');
    this.allow(this.gateways, this.silos, ports.cluster, 'Clients of the cluster');
    this.allow(this.silos, this.silos, ports.silo, 'Silos among themselves');
    for (const group of [this.gateways, this.silos]) group.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'AWS; tokens, search and webhooks where there is a way out');
    if (!wayOut) this.addEndpoints();
  }

  private group(id: string, description: string): ec2.SecurityGroup {
    return new ec2.SecurityGroup(this, id, { vpc: this.vpc, description, allowAllOutbound: false });
  }

  private allow(from: ec2.SecurityGroup, to: ec2.SecurityGroup, port: number, why: string): void {
    from.addEgressRule(to, ec2.Port.tcp(port), why);
    to.addIngressRule(from, ec2.Port.tcp(port), why);
  }

  /** What tasks need of AWS beside S3 and DynamoDB: their image, their secrets, their queue, their logs. */
  private addEndpoints(): void {
    const group = this.group('Endpoints', 'Endpoints of services of AWS');
    for (const from of [this.gateways, this.silos]) group.addIngressRule(from, ec2.Port.tcp(443), 'Services of AWS');
    const services = {
      Images: ec2.InterfaceVpcEndpointAwsService.ECR, Layers: ec2.InterfaceVpcEndpointAwsService.ECR_DOCKER, Secrets: ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
      Queue: ec2.InterfaceVpcEndpointAwsService.SQS, Logs: ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
    };
    for (const [id, service] of Object.entries(services)) this.vpc.addInterfaceEndpoint(id, { service, securityGroups: [group], open: false });
  }
}
