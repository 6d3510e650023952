import type { Id, Range } from "../vocabulary.ts";

/** A channel of an agent now points at another deployment. */
export interface ChannelChange {
  agentName: string;
  channelName: "canary" | "stable";
  /** The version's label, `v4`. */
  versionLabel: string;
  deploymentId: Id;
  /** The share of traffic the channel gets. */
  trafficWeight: Range<0, 1>;
  actorUserId: Id;
  /** Null when the channel pointed nowhere before. */
  previousDeploymentId: Id | null;
}

/** The stable channel went back to an earlier version. */
export interface Rollback extends ChannelChange {
  versionId: Id;
}

export interface AgentVersionEvents {
  /**
   * A deploy command made a new version.
   *
   * This is the time of the upload: the deployment is queued and not yet live. The later `deployment.created` says that
   * it is.
   */
  "agent_version.deployed": {
    agentName: string;
    /** The version's label, `v4`. */
    versionLabel: string;
    versionId: Id;
    deploymentId: Id;
    actorUserId: Id;
  };

  /** The canary channel now points at this deployment. */
  "agent_version.promoted_to_canary": ChannelChange;

  /** The stable channel now points at this deployment. */
  "agent_version.promoted_to_stable": ChannelChange;

  /**
   * A rollback returned the stable channel to an earlier version.
   *
   * It is a type apart from `agent_version.promoted_to_stable`, so that alerting can tell a reverted production from a
   * graduated canary.
   */
  "agent_version.rolled_back": Rollback;
}
