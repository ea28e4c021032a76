/**
 * Where in the kernel's packet path each feature's chains sit. One packet that is routed and translated passes them in the
 * order of `stages`; a lower priority runs first within one hook of one family.
 *
 * The kernel's fixed points: conntrack defragmentation -400, conntrack -200, destination NAT at -100, source NAT at 100,
 * conntrack confirm at the very end (linux/netfilter_ipv4.h). ct cannot be used in netdev, and NAT happens between netdev
 * ingress and egress, so ACLs there see what VPP's see: input before NAT, output after NAT.
 */

export type StageFamily = 'netdev' | 'bridge' | 'ip' | 'ip6' | 'inet';
export type StageHook = 'ingress' | 'egress' | 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting';

export interface Stage {
  readonly hook: StageHook;
  /** Families in which the stage may have chains. IPv4 and IPv6 chains of `inet` share priorities with `ip` and `ip6`. */
  readonly families: readonly StageFamily[];
  readonly priority: number;
  readonly type: 'filter' | 'nat' | 'route';
}

const netdev = ['netdev'] as const;
const bridge = ['bridge'] as const;
const layer3 = ['ip', 'ip6', 'inet'] as const;

/** All stages, in the order a packet meets them. */
export const stages = {
  /** Marks the packet that is traced, before anybody looks at it. */
  traceIngress: { hook: 'ingress', families: netdev, priority: -410, type: 'filter' },
  /** Input ACL (and the learning half of REFLECT for what leaves); sees addresses as they came. */
  inputAcl: { hook: 'ingress', families: netdev, priority: -400, type: 'filter' },
  macip: { hook: 'ingress', families: netdev, priority: -390, type: 'filter' },
  inputPolicer: { hook: 'ingress', families: netdev, priority: -380, type: 'filter' },
  /** Copies by `dup to` where tc mirroring is missing. */
  inputSpan: { hook: 'ingress', families: netdev, priority: -370, type: 'filter' },
  puntRedirect: { hook: 'ingress', families: netdev, priority: -360, type: 'filter' },
  /** `meta pkttype set host`, so that L2 traffic enters SRv6 steering. */
  srv6Steering: { hook: 'ingress', families: netdev, priority: -300, type: 'filter' },
  /** `fwd to` the other end: after the ACLs, before the bridge and IP see the frame. */
  crossConnect: { hook: 'ingress', families: netdev, priority: -200, type: 'filter' },
  /** On the bridge's own device: answers ARP requests for hosts that the bridge domain knows. */
  arpResponder: { hook: 'ingress', families: netdev, priority: -190, type: 'filter' },

  traceBridgePrerouting: { hook: 'prerouting', families: bridge, priority: -310, type: 'filter' },
  bridgePrerouting: { hook: 'prerouting', families: bridge, priority: -300, type: 'filter' },
  /** Static fdb entries with DROP. */
  bridgeFilter: { hook: 'forward', families: bridge, priority: -200, type: 'filter' },
  /** `forward: false` of a bridge domain. */
  bridgeForward: { hook: 'forward', families: bridge, priority: -190, type: 'filter' },
  splitHorizon: { hook: 'forward', families: bridge, priority: -180, type: 'filter' },
  arpTermination: { hook: 'forward', families: bridge, priority: -170, type: 'filter' },
  traceBridgeForward: { hook: 'forward', families: bridge, priority: 500, type: 'filter' },
  /** What a bridge would hand to the host's own IP stack. */
  bridgeInput: { hook: 'input', families: bridge, priority: -200, type: 'filter' },
  traceBridgeInput: { hook: 'input', families: bridge, priority: 500, type: 'filter' },
  bridgeOutput: { hook: 'output', families: bridge, priority: -200, type: 'filter' },
  traceBridgePostrouting: { hook: 'postrouting', families: bridge, priority: 500, type: 'filter' },

  /** Tells the headers as they come; the next but one, as they are routed. */
  tracePrerouting: { hook: 'prerouting', families: layer3, priority: -330, type: 'filter' },
  /** To the port of the tunnel; fragments are whole from -400 on, and conntrack sees one connection for each port. */
  vxlanArrival: { hook: 'prerouting', families: layer3, priority: -320, type: 'filter' },
  /** Conntrack zone of the VRF; has to run before conntrack (-200). */
  zone: { hook: 'prerouting', families: layer3, priority: -310, type: 'filter' },
  /** `notrack` for what must not become a session. */
  untracked: { hook: 'prerouting', families: layer3, priority: -305, type: 'filter' },
  /** Connection mark -> packet mark, VRF mark. */
  mark: { hook: 'prerouting', families: layer3, priority: -150, type: 'filter' },
  /** Where VRFs are made of rules: the VRF of the device that a packet came in by. */
  vrfMark: { hook: 'prerouting', families: layer3, priority: -149, type: 'filter' },
  /** Endpoint-independent NAT: what an inside host sends keeps its mapping. */
  natRefresh: { hook: 'prerouting', families: layer3, priority: -148, type: 'filter' },
  /** Marks what cross-connects of IP packets take; before ABF, which leaves it alone. */
  l3CrossConnect: { hook: 'prerouting', families: layer3, priority: -145, type: 'filter' },
  abf: { hook: 'prerouting', families: layer3, priority: -140, type: 'filter' },
  /** Marks what comes in by an interface with security policies; again when it has been decrypted. */
  securityPolicy: { hook: 'prerouting', families: layer3, priority: -135, type: 'filter' },
  destinationNat: { hook: 'prerouting', families: layer3, priority: -100, type: 'nat' },
  /** VRF mark of what a mapping sends into a VRF. */
  natVrf: { hook: 'prerouting', families: layer3, priority: -95, type: 'filter' },
  /** `forwarding: false`: what comes from outside and has no mapping. */
  natGate: { hook: 'prerouting', families: layer3, priority: -90, type: 'filter' },
  /** `tproxy` to a punt socket; needs the final destination. */
  puntSocket: { hook: 'prerouting', families: layer3, priority: -80, type: 'filter' },
  traceTranslated: { hook: 'prerouting', families: layer3, priority: 0, type: 'filter' },

  /** Drops what should have come in by a protected tunnel, and came in clear. */
  tunnelProtection: { hook: 'input', families: layer3, priority: 0, type: 'filter' },
  /** Where VRFs are made of rules: addresses of this router in another VRF than the packet. */
  vrfInput: { hook: 'input', families: layer3, priority: 5, type: 'filter' },
  localInput: { hook: 'input', families: layer3, priority: 10, type: 'filter' },
  traceInput: { hook: 'input', families: layer3, priority: 500, type: 'filter' },
  forwardFilter: { hook: 'forward', families: layer3, priority: 10, type: 'filter' },
  traceForward: { hook: 'forward', families: layer3, priority: 500, type: 'filter' },
  traceOutput: { hook: 'output', families: layer3, priority: -330, type: 'filter' },
  localZone: { hook: 'output', families: layer3, priority: -310, type: 'filter' },
  localMark: { hook: 'output', families: layer3, priority: -150, type: 'route' },
  /** Has policies of IPsec looked for again, now that the device is known. */
  localSecurityPolicy: { hook: 'output', families: layer3, priority: -140, type: 'route' },
  localDestinationNat: { hook: 'output', families: layer3, priority: -100, type: 'nat' },
  /** Back to the port of VXLAN, after everything else that looks at what is sent. */
  vxlanDeparture: { hook: 'output', families: layer3, priority: 300, type: 'filter' },
  traceRouted: { hook: 'postrouting', families: layer3, priority: 50, type: 'filter' },
  sourceNat: { hook: 'postrouting', families: layer3, priority: 100, type: 'nat' },
  /** Runs after source NAT in the same hook; also where TCP MSS is clamped. */
  postSourceNat: { hook: 'postrouting', families: layer3, priority: 150, type: 'filter' },
  traceSent: { hook: 'postrouting', families: layer3, priority: 500, type: 'filter' },

  outputPolicer: { hook: 'egress', families: netdev, priority: 380, type: 'filter' },
  /** Output ACL; sees addresses as they leave. */
  outputAcl: { hook: 'egress', families: netdev, priority: 400, type: 'filter' },
  outputSpan: { hook: 'egress', families: netdev, priority: 410, type: 'filter' },
  traceEgress: { hook: 'egress', families: netdev, priority: 420, type: 'filter' },
} as const satisfies Record<string, Stage>;

export type StageName = keyof typeof stages;
