import { CfnOutput, Fn, Stack, StackProps } from 'aws-cdk-lib';
import * as cloudmap from 'aws-cdk-lib/aws-servicediscovery';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { Alarms } from './alarms';
import { Api, fromHeader } from './api';
import { Cluster, Running } from './cluster';
import { Events } from './queue';
import { Network, ports } from './network';
import { Parameters } from './parameters';
import { repositoryName } from './release';
import { Resources, actionsOn, statementsFor } from './roles';
import { Search } from './search';
import { Settings } from './settings';
import { Store } from './bucket';
import { Tables } from './tables';

/** EDNA on AWS: docs/deploy.md. */
export class EdnaStack extends Stack {
  constructor(scope: Construct, id: string, settings: Settings, props: StackProps) {
    super(scope, id, props);
    const parameters = new Parameters(this, settings);
    const network = new Network(this, settings);
    const events = new Events(this);
    const store = new Store(this, events, parameters.corsOrigins);
    const tables = new Tables(this);
    const search = new Search(this, network, settings);
    const buckets: s3.IBucket[] = [store.bucket, ...settings.buckets.map((name, at) => s3.Bucket.fromBucketName(this, `Bucket${at}`, name))];
    const resources: Resources = {
      Bucket: buckets.map(bucket => bucket.bucketArn), Objects: buckets.map(bucket => bucket.arnForObjects('*')),
      ItemTable: [tables.items.tableArn], ItemIndexes: [`${tables.items.tableArn}/index/*`],
      GrainStateTable: [tables.grainState.tableArn],
      ReminderTable: [tables.reminders.tableArn], ReminderIndexes: [`${tables.reminders.tableArn}/index/*`],
      SiloTable: [tables.silos.tableArn],
      Queue: [events.queue.queueArn], DeadLetterQueue: [events.deadLetters.queueArn],
      SearchDomain: search.domain ? [`${search.domain.domainArn}/*`] : [],
    };
    const cluster = new Cluster(this, {
      network, settings,
      repository: ecr.Repository.fromRepositoryName(this, 'Repository', repositoryName),
      environment: { AWS_REGION: this.region, Edna__Cluster__Provider: 'DynamoDb', Edna__DynamoDb__SiloTable: tables.silos.tableName },
    });

    const silo = cluster.add('Silo', {
      role: 'silo', port: ports.siloStatus, cpu: 1024, memory: 2048, securityGroup: network.silos, statements: statementsFor('silo', resources), secrets: search.secrets,
      environment: {
        ...search.environment,
        Edna__State__Provider: 'DynamoDb',
        Edna__DynamoDb__ItemTable: tables.items.tableName,
        Edna__DynamoDb__GrainStateTable: tables.grainState.tableName,
        Edna__DynamoDb__ReminderTable: tables.reminders.tableName,
        ...Object.fromEntries(settings.buckets.map((name, at) => [`Edna__Datasets__AllowedBuckets__${at}`, name])),
        Edna__Objects__Provider: 'S3',
        Edna__Objects__S3__Bucket: store.bucket.bucketName,
        Edna__Objects__S3__Region: this.region,
        Edna__Objects__S3__CorsOrigins: Fn.join(',', parameters.corsOrigins),
        Edna__Objects__S3__NotificationTarget: events.queue.queueArn,
        Edna__Events__Sqs__QueueUrl: events.queue.queueUrl,
        Edna__Events__Sqs__Region: this.region,
        Edna__Silo__StatusUrl: `http://0.0.0.0:${ports.siloStatus}`,
      },
    });
    search.letIn(silo.service.taskDefinition.taskRole, actionsOn('SearchDomain', 'silo'));
    const gateway = this.addGateway(cluster, network, parameters, resources);
    // Silos first: a gateway is not healthy without one, and a release is understood by silos before gateways speak it.
    gateway.service.node.addDependency(silo.service);

    const api = new Api(this, network, settings, parameters, gateway.service.cloudMapService!).api;
    const alarms = new Alarms(this, { api, services: { Silo: silo, Gateway: gateway }, tables, events, search, parameters });
    const tell = (name: string, value: string, description: string): CfnOutput => new CfnOutput(this, name, { value, description });
    tell('Address', api.apiEndpoint, 'Where EDNA answers.');
    tell('BucketName', store.bucket.bucketName, 'Where the bytes lie.');
    tell('TableNames', tables.all.map(table => table.tableName).join(' '), 'The tables: items, grain state, reminders, silos.');
    tell('QueueUrl', events.queue.queueUrl, 'Where buckets send their events.');
    tell('DeadLetterQueueUrl', events.deadLetters.queueUrl, 'Where events lie that could not be read.');
    tell('ClusterName', silo.service.cluster.clusterName, 'Where tasks run.');
    tell('SiloService', silo.service.serviceName, 'The silos.');
    tell('GatewayService', gateway.service.serviceName, 'The gateways.');
    tell('SiloLog', silo.log.logGroupName, 'What silos say.');
    tell('GatewayLog', gateway.log.logGroupName, 'What gateways say; the activity log is in there.');
    tell('AlarmTopic', alarms.topic.topicArn, 'Who subscribes is told of alarms.');
  }

  private addGateway(cluster: Cluster, network: Network, parameters: Parameters, resources: Resources): Running {
    const secret = (id: string, name: string): ecs.Secret => ecs.Secret.fromSecretsManager(secretsmanager.Secret.fromSecretNameV2(this, id, name));
    const tokens: Record<string, string> = parameters.tokens === undefined ? {} : { Edna__Auth__Jwt__Authority: parameters.tokens.issuer, Edna__Auth__Jwt__Audience: parameters.tokens.audience };
    return cluster.add('Gateway', {
      role: 'gateway', port: ports.gateway, cpu: 512, memory: 1024, securityGroup: network.gateways, statements: statementsFor('gateway', resources),
      names: new cloudmap.PrivateDnsNamespace(this, 'Names', { vpc: network.vpc, name: 'edna.internal', description: 'Where the API finds gateways' }),
      secrets: { EDNA_ADMIN_KEY: secret('AdminKey', parameters.adminKey), EDNA_CALLBACK_KEY: secret('CallbackKey', parameters.callbackKey) },
      environment: {
        ...tokens,
        ASPNETCORE_URLS: `http://0.0.0.0:${ports.gateway}`,
        Edna__Silo__CoHosted: 'false',
        // The API's side of the link is in the network; it says for whom it asks.
        Edna__Gateway__TrustedProxies: network.vpc.vpcCidrBlock,
        Edna__Gateway__ForwardedForHeader: fromHeader,
        Edna__Activity__Output: 'Console',
        // The API gives up after 30 seconds, and hands nothing on before an answer ends.
        Edna__Gateway__LongestAnswer: '00:00:25',
        // There is no balancer that is told first: the API goes on sending until the task's name is gone.
        Edna__Shutdown__Drain: '00:00:20',
      },
    });
  }
}
