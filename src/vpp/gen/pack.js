export const pack = `R 21.06 21.10 22.02 22.06 22.10 23.02 23.06 23.10 24.02 24.06 24.10 25.02 25.06 25.10 26.02 26.06
P	abf	abf_plugin.so
P	acl	acl_plugin.so
P	acl_types	acl_plugin.so
P	adl	adl_plugin.so
P	af_packet	af_packet_plugin.so
P	af_xdp	af_xdp_plugin.so
P	arping	arping_plugin.so
P	auto_sdl	auto_sdl_plugin.so
P	avf	avf_plugin.so
P	bpf_trace_filter	bpf_trace_filter_plugin.so
P	builtinurl	builtinurl_plugin.so
P	cdp	cdp_plugin.so
P	cnat	cnat_plugin.so
P	crypto_sw_scheduler	crypto_sw_scheduler_plugin.so
P	ct6	ct6_plugin.so
P	det44	nat_plugin.so
P	dhcp	dhcp_plugin.so
P	dhcp6_ia_na_client_cp	dhcp_plugin.so
P	dhcp6_pd_client_cp	dhcp_plugin.so
P	dns	dns_plugin.so
P	dslite	nat_plugin.so
P	flowprobe	flowprobe_plugin.so
P	gateway	sfdp_services_plugin.so
P	gbp	gbp_plugin.so
P	geneve	geneve_plugin.so
P	graph	tracedump_plugin.so
P	gre	gre_plugin.so
P	gtpu	gtpu_plugin.so
P	http_static	http_static_plugin.so
P	idpf	idpf_plugin.so
P	igmp	igmp_plugin.so
P	ikev2	ikev2_plugin.so
P	ikev2_types	ikev2_plugin.so
P	interface_input	sfdp_services_plugin.so
P	ioam_cache	ioam_plugin.so
P	ioam_export	ioam_plugin.so
P	ioam_vxlan_gpe	ioam_plugin.so
P	ip_session_redirect	ip_session_redirect_plugin.so
P	l2e	l2e_plugin.so
P	l2tp	l2tp_plugin.so
P	l3xc	l3xc_plugin.so
P	lacp	lacp_plugin.so
P	lb	lb_plugin.so
P	lb_types	lb_plugin.so
P	lcp	linux-cp_plugin.so
P	lisp	lisp_plugin.so
P	lisp_gpe	lisp_plugin.so
P	lisp_types	lisp_plugin.so
P	lldp	lldp_plugin.so
P	mactime	mactime_plugin.so
P	map	map_plugin.so
P	mdata	mdata_plugin.so
P	memif	memif_plugin.so
P	mss_clamp	mss_clamp_plugin.so
P	nat	sfdp_services_plugin.so
P	nat44_ed	nat_plugin.so
P	nat44_ei	nat_plugin.so
P	nat64	nat_plugin.so
P	nat66	nat_plugin.so
P	nat_types	nat_plugin.so
P	netmap	netmap_plugin.so
P	npol	npol_plugin.so
P	npt66	npt66_plugin.so
P	nsh	nsh_plugin.so
P	nsim	nsim_plugin.so
P	oddbuf	oddbuf_plugin.so
P	one	lisp_plugin.so
P	ping	ping_plugin.so
P	pnat	nat_plugin.so
P	policer	policer_plugin.so
P	policer_types	policer_plugin.so
P	pot	ioam_plugin.so
P	pp2	marvell_plugin.so
P	pppoe	pppoe_plugin.so
P	pvti	pvti_plugin.so
P	rdma	rdma_plugin.so
P	sasc	sasc_plugin.so
P	selog	selog_plugin.so
P	sflow	sflow_plugin.so
P	snort	snort_plugin.so
P	sr_mobile	srv6-mobile_plugin.so
P	sr_mobile_types	srv6-mobile_plugin.so
P	sr_mpls	srmpls_plugin.so
P	stn	stn_plugin.so
P	svs	svs_plugin.so
P	tapv2	tap_plugin.so
P	tcp_check	sfdp_services_plugin.so
P	tls_openssl	tlsopenssl_plugin.so
P	trace	ioam_plugin.so
P	tracedump	tracedump_plugin.so
P	tracenode	tracenode_plugin.so
P	udp_ping	ioam_plugin.so
P	urpf	urpf_plugin.so
P	vhost_user	vhost_plugin.so
P	vmxnet3	vmxnet3_plugin.so
P	vrrp	vrrp_plugin.so
P	vxlan	vxlan_plugin.so
P	vxlan_gpe	vxlan-gpe_plugin.so
P	vxlan_gpe_ioam_export	ioam_plugin.so
P	wireguard	wireguard_plugin.so
S	abf_itf_attach	u32 policy_id;interface_index sw_if_index;u32 priority;bool is_ipv6
S	abf_policy	u32 policy_id;u32 acl_index;u8 n_paths;fib_path paths[@n_paths]
E	acl_action	u8	ACL_ACTION_API_DENY=0 ACL_ACTION_API_PERMIT=1 ACL_ACTION_API_PERMIT_REFLECT=2
S	acl_rule	acl_action is_permit;prefix src_prefix;prefix dst_prefix;ip_proto proto;u16 srcport_or_icmptype_first;u16 srcport_or_icmptype_last;u16 dstport_or_icmpcode_first;u16 dstport_or_icmpcode_last;u8 tcp_flags_mask;u8 tcp_flags_value
S	address	address_family af;address_union un
E	address_family	u8	ADDRESS_IP4=0 ADDRESS_IP6=1
U	address_union	ip4_address ip4;ip6_address ip6
A	address_with_prefix	prefix address_with_prefix
F	af_packet_flags	u32	AF_PACKET_API_FLAG_QDISC_BYPASS=1 AF_PACKET_API_FLAG_CKSUM_GSO=2 AF_PACKET_API_FLAG_VERSION_2=8
E	af_packet_mode	u32	AF_PACKET_API_MODE_ETHERNET=1 AF_PACKET_API_MODE_IP=2
F	af_xdp_flag	u8	AF_XDP_API_FLAGS_NO_SYSCALL_LOCK=1 AF_XDP_API_FLAGS_MAC_REUSE=2
E	af_xdp_mode	u32	AF_XDP_API_MODE_AUTO=0 AF_XDP_API_MODE_COPY=1 AF_XDP_API_MODE_ZERO_COPY=2
F	bd_flags	u32	BRIDGE_API_FLAG_NONE=0 BRIDGE_API_FLAG_LEARN=1 BRIDGE_API_FLAG_FWD=2 BRIDGE_API_FLAG_FLOOD=4 BRIDGE_API_FLAG_UU_FLOOD=8 BRIDGE_API_FLAG_ARP_TERM=16 BRIDGE_API_FLAG_ARP_UFWD=32
S	bd_ip_mac	u32 bd_id;address ip;mac_address mac
E	bfd_state	u32	BFD_STATE_API_ADMIN_DOWN=0 BFD_STATE_API_DOWN=1 BFD_STATE_API_INIT=2 BFD_STATE_API_UP=3
S	bier_route	u32 br_bp;bier_table_id br_tbl_id;u8 br_n_paths;fib_path br_paths[@br_n_paths]
S	bier_table_id	u8 bt_set;u8 bt_sub_domain;u8 bt_hdr_len_id
E	bond_lb_algo	u32	BOND_API_LB_ALGO_L2=0 BOND_API_LB_ALGO_L34=1 BOND_API_LB_ALGO_L23=2 BOND_API_LB_ALGO_RR=3 BOND_API_LB_ALGO_BC=4 BOND_API_LB_ALGO_AB=5
E	bond_mode	u32	BOND_API_MODE_ROUND_ROBIN=1 BOND_API_MODE_ACTIVE_BACKUP=2 BOND_API_MODE_XOR=3 BOND_API_MODE_BROADCAST=4 BOND_API_MODE_LACP=5
S	bridge_domain_sw_if	u32 context;interface_index sw_if_index;u8 shg
E	chassis_id_subtype	u32	CHASSIS_ID_SUBTYPE_RESERVED=0 CHASSIS_ID_SUBTYPE_CHASSIS_COMP=1 CHASSIS_ID_SUBTYPE_INTF_ALIAS=2 CHASSIS_ID_SUBTYPE_PORT_COMP=3 CHASSIS_ID_SUBTYPE_MAC_ADDR=4 CHASSIS_ID_SUBTYPE_NET_ADDR=5 CHASSIS_ID_SUBTYPE_INTF_NAME=6 CHASSIS_ID_SUBTYPE_LOCAL=7
E	classify_action	u8	CLASSIFY_API_ACTION_NONE=0 CLASSIFY_API_ACTION_SET_IP4_FIB_INDEX=1 CLASSIFY_API_ACTION_SET_IP6_FIB_INDEX=2 CLASSIFY_API_ACTION_SET_METADATA=3
S	cnat_5tuple	address addr[2];u16 port[2];ip_proto ip_proto
S	cnat_endpoint	address addr;interface_index sw_if_index;address_family if_af;u16 port
S	cnat_endpoint_tuple	cnat_endpoint dst_ep;cnat_endpoint src_ep;u8 flags
E	cnat_lb_type	u8	CNAT_LB_TYPE_DEFAULT=0 CNAT_LB_TYPE_MAGLEV=1
S	cnat_session	cnat_endpoint src;cnat_endpoint dst;cnat_endpoint new;ip_proto ip_proto;u8 location;f64 timestamp
S	cnat_session~2	cnat_5tuple tuple;u32 ts_index;u32 flags
E	cnat_snat_policies	u8	CNAT_POLICY_NONE=0 CNAT_POLICY_IF_PFX=1 CNAT_POLICY_K8S=2 CNAT_POLICY_DNAT=3
F	cnat_snat_policy_flags	u8	CNAT_SNAT_POLICY_F_NONE=0 CNAT_SNAT_POLICY_F_BUFFER_NEXT=1 CNAT_SNAT_POLICY_F_NO_CLIENT=2 CNAT_SNAT_POLICY_F_USE_AS_DEFAULT=4
E	cnat_snat_policy_table	u8	CNAT_POLICY_INCLUDE_V4=0 CNAT_POLICY_INCLUDE_V6=1 CNAT_POLICY_POD=2 CNAT_POLICY_HOST=3
S	cnat_translation	cnat_endpoint vip;u32 id;ip_proto ip_proto;u8 is_real_ip;u8 flags;cnat_lb_type lb_type;u32 n_paths;cnat_endpoint_tuple paths[@n_paths]
S	cnat_translation~2	cnat_endpoint vip;u32 id;ip_proto ip_proto;u8 is_real_ip;u8 flags;cnat_lb_type lb_type;u32 n_paths;ip_flow_hash_config_v2 flow_hash_config;cnat_endpoint_tuple paths[@n_paths]
E	crypto_dispatch_mode	u8	CRYPTO_ASYNC_DISPATCH_POLLING=0 CRYPTO_ASYNC_DISPATCH_INTERRUPT=1
E	crypto_op_class_type	u8	CRYPTO_API_OP_SIMPLE=0 CRYPTO_API_OP_CHAINED=1 CRYPTO_API_OP_BOTH=2
F	dev_flags	u32	VL_API_DEV_FLAG_NO_STATS=1
F	dev_port_flags	u32	VL_API_DEV_PORT_FLAG_INTERRUPT_MODE=1 VL_API_DEV_PORT_FLAG_CONSISTENT_QP=2
S	dhcp6_address_info	ip6_address address;u32 valid_time;u32 preferred_time
S	dhcp6_pd_prefix_info	ip6_prefix prefix;u32 valid_time;u32 preferred_time
S	dhcp_client	interface_index sw_if_index;string hostname[64];u8 id[64];bool want_dhcp_event;bool set_broadcast_flag;ip_dscp dscp;u32 pid
E	dhcp_client_state	u32	DHCP_CLIENT_STATE_API_DISCOVER=0 DHCP_CLIENT_STATE_API_REQUEST=1 DHCP_CLIENT_STATE_API_BOUND=2
S	dhcp_lease	interface_index sw_if_index;dhcp_client_state state;bool is_ipv6;string hostname[64];u8 mask_width;address host_address;address router_address;mac_address host_mac;u8 count;domain_server domain_server[@count]
S	dhcp_server	u32 server_vrf_id;address dhcp_server
E	dhcpv6_msg_type	u32	DHCPV6_MSG_API_SOLICIT=1 DHCPV6_MSG_API_ADVERTISE=2 DHCPV6_MSG_API_REQUEST=3 DHCPV6_MSG_API_CONFIRM=4 DHCPV6_MSG_API_RENEW=5 DHCPV6_MSG_API_REBIND=6 DHCPV6_MSG_API_REPLY=7 DHCPV6_MSG_API_RELEASE=8 DHCPV6_MSG_API_DECLINE=9 DHCPV6_MSG_API_RECONFIGURE=10 DHCPV6_MSG_API_INFORMATION_REQUEST=11 DHCPV6_MSG_API_RELAY_FORW=12 DHCPV6_MSG_API_RELAY_REPL=13
S	domain_server	address address
S	eid	eid_type type;eid_address address
U	eid_address	prefix prefix;mac_address mac;nsh nsh
E	eid_type	u8	EID_TYPE_API_PREFIX=0 EID_TYPE_API_MAC=1 EID_TYPE_API_NSH=2
S	fib_mpls_label	u8 is_uniform;u32 label;u8 ttl;u8 exp
S	fib_path	u32 sw_if_index;u32 table_id;u32 rpf_id;u8 weight;u8 preference;fib_path_type type;fib_path_flags flags;fib_path_nh_proto proto;fib_path_nh nh;u8 n_labels;fib_mpls_label label_stack[16]
F	fib_path_flags	u32	FIB_API_PATH_FLAG_NONE=0 FIB_API_PATH_FLAG_RESOLVE_VIA_ATTACHED=1 FIB_API_PATH_FLAG_RESOLVE_VIA_HOST=2 FIB_API_PATH_FLAG_POP_PW_CW=4
S	fib_path_nh	address_union address;u32 via_label;u32 obj_id;u32 classify_table_index
E	fib_path_nh_proto	u32	FIB_API_PATH_NH_PROTO_IP4=0 FIB_API_PATH_NH_PROTO_IP6=1 FIB_API_PATH_NH_PROTO_MPLS=2 FIB_API_PATH_NH_PROTO_ETHERNET=3 FIB_API_PATH_NH_PROTO_BIER=4
E	fib_path_type	u32	FIB_API_PATH_TYPE_NORMAL=0 FIB_API_PATH_TYPE_LOCAL=1 FIB_API_PATH_TYPE_DROP=2 FIB_API_PATH_TYPE_UDP_ENCAP=3 FIB_API_PATH_TYPE_BIER_IMP=4 FIB_API_PATH_TYPE_ICMP_UNREACH=5 FIB_API_PATH_TYPE_ICMP_PROHIBIT=6 FIB_API_PATH_TYPE_SOURCE_LOOKUP=7 FIB_API_PATH_TYPE_DVR=8 FIB_API_PATH_TYPE_INTERFACE_RX=9 FIB_API_PATH_TYPE_CLASSIFY=10
S	fib_source	u8 priority;u8 id;string name[64]
E	filter_mode	u32	EXCLUDE=0 INCLUDE=1
U	flow	flow_ethernet ethernet;flow_ip4 ip4;flow_ip6 ip6;flow_ip4_l2tpv3oip ip4_l2tpv3oip;flow_ip4_ipsec_esp ip4_ipsec_esp;flow_ip4_ipsec_ah ip4_ipsec_ah;flow_ip4_n_tuple ip4_n_tuple;flow_ip6_n_tuple ip6_n_tuple;flow_ip4_n_tuple_tagged ip4_n_tuple_tagged;flow_ip6_n_tuple_tagged ip6_n_tuple_tagged;flow_ip4_vxlan ip4_vxlan;flow_ip6_vxlan ip6_vxlan;flow_ip4_gtpc ip4_gtpc;flow_ip4_gtpu ip4_gtpu
E	flow_action	u32	FLOW_ACTION_COUNT=1 FLOW_ACTION_MARK=2 FLOW_ACTION_BUFFER_ADVANCE=4 FLOW_ACTION_REDIRECT_TO_NODE=8 FLOW_ACTION_REDIRECT_TO_QUEUE=16 FLOW_ACTION_DROP=64
E	flow_action_v2	u32	FLOW_ACTION_COUNT_V2=1 FLOW_ACTION_MARK_V2=2 FLOW_ACTION_BUFFER_ADVANCE_V2=4 FLOW_ACTION_REDIRECT_TO_NODE_V2=8 FLOW_ACTION_REDIRECT_TO_QUEUE_V2=16 FLOW_ACTION_RSS_V2=32 FLOW_ACTION_DROP_V2=64
E	flow_classify_table	u8	FLOW_CLASSIFY_API_TABLE_IP4=0 FLOW_CLASSIFY_API_TABLE_IP6=1
S	flow_ethernet	i32 foo;mac_address src_addr;mac_address dst_addr;u16 type
S	flow_generic	i32 foo;generic_pattern pattern
S	flow_ip4	i32 foo;ip4_address_and_mask src_addr;ip4_address_and_mask dst_addr;ip_prot_and_mask protocol
S	flow_ip4_gtpc	i32 foo;ip4_address_and_mask src_addr;ip4_address_and_mask dst_addr;ip_prot_and_mask protocol;ip_port_and_mask src_port;ip_port_and_mask dst_port;u32 teid
S	flow_ip4_gtpu	i32 foo;ip4_address_and_mask src_addr;ip4_address_and_mask dst_addr;ip_prot_and_mask protocol;ip_port_and_mask src_port;ip_port_and_mask dst_port;u32 teid
S	flow_ip4_ipsec_ah	i32 foo;ip4_address_and_mask src_addr;ip4_address_and_mask dst_addr;ip_prot_and_mask protocol;u32 spi
S	flow_ip4_ipsec_esp	i32 foo;ip4_address_and_mask src_addr;ip4_address_and_mask dst_addr;ip_prot_and_mask protocol;u32 spi
S	flow_ip4_l2tpv3oip	i32 foo;ip4_address_and_mask src_addr;ip4_address_and_mask dst_addr;ip_prot_and_mask protocol;u32 session_id
S	flow_ip4_n_tuple	i32 foo;ip4_address_and_mask src_addr;ip4_address_and_mask dst_addr;ip_prot_and_mask protocol;ip_port_and_mask src_port;ip_port_and_mask dst_port
S	flow_ip4_n_tuple_tagged	i32 foo;ip4_address_and_mask src_addr;ip4_address_and_mask dst_addr;ip_prot_and_mask protocol;ip_port_and_mask src_port;ip_port_and_mask dst_port
S	flow_ip4_vxlan	i32 foo;ip4_address_and_mask src_addr;ip4_address_and_mask dst_addr;ip_prot_and_mask protocol;ip_port_and_mask src_port;ip_port_and_mask dst_port;u32 vni
S	flow_ip6	i32 foo;ip6_address_and_mask src_addr;ip6_address_and_mask dst_addr;ip_prot_and_mask protocol
S	flow_ip6_n_tuple	i32 foo;ip6_address_and_mask src_addr;ip6_address_and_mask dst_addr;ip_prot_and_mask protocol;ip_port_and_mask src_port;ip_port_and_mask dst_port
S	flow_ip6_n_tuple_tagged	i32 foo;ip6_address_and_mask src_addr;ip6_address_and_mask dst_addr;ip_prot_and_mask protocol;ip_port_and_mask src_port;ip_port_and_mask dst_port
S	flow_ip6_vxlan	i32 foo;ip6_address_and_mask src_addr;ip6_address_and_mask dst_addr;ip_prot_and_mask protocol;ip_port_and_mask src_port;ip_port_and_mask dst_port;u32 vni
S	flow_rule	flow_type type;u32 index;flow_action actions;u32 mark_flow_id;u32 redirect_node_index;u32 redirect_device_input_next_index;u32 redirect_queue;i32 buffer_advance;flow flow
S	flow_rule_v2	flow_type_v2 type;u32 index;flow_action_v2 actions;u32 mark_flow_id;u32 redirect_node_index;u32 redirect_device_input_next_index;u32 redirect_queue;u32 queue_index;u32 queue_num;i32 buffer_advance;u64 rss_types;rss_function rss_fun;flow_v2 flow
E	flow_type	u32	FLOW_TYPE_ETHERNET=1 FLOW_TYPE_IP4=2 FLOW_TYPE_IP6=3 FLOW_TYPE_IP4_L2TPV3OIP=4 FLOW_TYPE_IP4_IPSEC_ESP=5 FLOW_TYPE_IP4_IPSEC_AH=6 FLOW_TYPE_IP4_N_TUPLE=7 FLOW_TYPE_IP6_N_TUPLE=8 FLOW_TYPE_IP4_N_TUPLE_TAGGED=9 FLOW_TYPE_IP6_N_TUPLE_TAGGED=10 FLOW_TYPE_IP4_VXLAN=11 FLOW_TYPE_IP6_VXLAN=12 FLOW_TYPE_IP4_GTPC=13 FLOW_TYPE_IP4_GTPU=14
E	flow_type_v2	u32	FLOW_TYPE_ETHERNET_V2=1 FLOW_TYPE_IP4_V2=2 FLOW_TYPE_IP6_V2=3 FLOW_TYPE_IP4_L2TPV3OIP_V2=4 FLOW_TYPE_IP4_IPSEC_ESP_V2=5 FLOW_TYPE_IP4_IPSEC_AH_V2=6 FLOW_TYPE_IP4_N_TUPLE_V2=7 FLOW_TYPE_IP6_N_TUPLE_V2=8 FLOW_TYPE_IP4_N_TUPLE_TAGGED_V2=9 FLOW_TYPE_IP6_N_TUPLE_TAGGED_V2=10 FLOW_TYPE_IP4_VXLAN_V2=11 FLOW_TYPE_IP6_VXLAN_V2=12 FLOW_TYPE_IP4_GTPC_V2=13 FLOW_TYPE_IP4_GTPU_V2=14 FLOW_TYPE_GENERIC_V2=15
U	flow_v2	flow_ethernet ethernet;flow_ip4 ip4;flow_ip6 ip6;flow_ip4_l2tpv3oip ip4_l2tpv3oip;flow_ip4_ipsec_esp ip4_ipsec_esp;flow_ip4_ipsec_ah ip4_ipsec_ah;flow_ip4_n_tuple ip4_n_tuple;flow_ip6_n_tuple ip6_n_tuple;flow_ip4_n_tuple_tagged ip4_n_tuple_tagged;flow_ip6_n_tuple_tagged ip6_n_tuple_tagged;flow_ip4_vxlan ip4_vxlan;flow_ip6_vxlan ip6_vxlan;flow_ip4_gtpc ip4_gtpc;flow_ip4_gtpu ip4_gtpu;flow_generic generic
E	flowprobe_direction	u8	FLOWPROBE_DIRECTION_RX=0 FLOWPROBE_DIRECTION_TX=1 FLOWPROBE_DIRECTION_BOTH=2
F	flowprobe_record_flags	u8	FLOWPROBE_RECORD_FLAG_L2=1 FLOWPROBE_RECORD_FLAG_L3=2 FLOWPROBE_RECORD_FLAG_L4=4
E	flowprobe_which	u8	FLOWPROBE_WHICH_IP4=0 FLOWPROBE_WHICH_IP6=1 FLOWPROBE_WHICH_L2=2
F	flowprobe_which_flags	u8	FLOWPROBE_WHICH_FLAG_IP4=1 FLOWPROBE_WHICH_FLAG_L2=2 FLOWPROBE_WHICH_FLAG_IP6=4
S	gbp_bridge_domain	u32 bd_id;u32 rd_id;gbp_bridge_domain_flags flags;interface_index bvi_sw_if_index;interface_index uu_fwd_sw_if_index;interface_index bm_flood_sw_if_index
F	gbp_bridge_domain_flags	u32	GBP_BD_API_FLAG_NONE=0 GBP_BD_API_FLAG_DO_NOT_LEARN=1 GBP_BD_API_FLAG_UU_FWD_DROP=2 GBP_BD_API_FLAG_MCAST_DROP=4 GBP_BD_API_FLAG_UCAST_ARP=8
S	gbp_contract	gbp_scope scope;u16 sclass;u16 dclass;u32 acl_index;u8 n_ether_types;u16 allowed_ethertypes[16];u8 n_rules;gbp_rule rules[@n_rules]
S	gbp_endpoint	interface_index sw_if_index;u16 sclass;gbp_endpoint_flags flags;mac_address mac;gbp_endpoint_tun tun;u8 n_ips;address ips[@n_ips]
F	gbp_endpoint_flags	u32	GBP_API_ENDPOINT_FLAG_NONE=0 GBP_API_ENDPOINT_FLAG_BOUNCE=1 GBP_API_ENDPOINT_FLAG_REMOTE=2 GBP_API_ENDPOINT_FLAG_LEARNT=4 GBP_API_ENDPOINT_FLAG_EXTERNAL=8
S	gbp_endpoint_group	u32 vnid;u16 sclass;u32 bd_id;u32 rd_id;interface_index uplink_sw_if_index;gbp_endpoint_retention retention
S	gbp_endpoint_retention	u32 remote_ep_timeout
S	gbp_endpoint_tun	address src;address dst
S	gbp_ext_itf	interface_index sw_if_index;u32 bd_id;u32 rd_id;gbp_ext_itf_flags flags
F	gbp_ext_itf_flags	u32	GBP_API_EXT_ITF_F_NONE=0 GBP_API_EXT_ITF_F_ANON=1
E	gbp_hash_mode	u32	GBP_API_HASH_MODE_SRC_IP=1 GBP_API_HASH_MODE_DST_IP=2 GBP_API_HASH_MODE_SYMMETRIC=3
S	gbp_next_hop	address ip;mac_address mac;u32 bd_id;u32 rd_id
S	gbp_next_hop_set	gbp_hash_mode hash_mode;u8 n_nhs;gbp_next_hop nhs[8]
S	gbp_recirc	interface_index sw_if_index;u16 sclass;bool is_ext
S	gbp_route_domain	u32 rd_id;u32 ip4_table_id;u32 ip6_table_id;interface_index ip4_uu_sw_if_index;interface_index ip6_uu_sw_if_index;gbp_scope scope
S	gbp_rule	gbp_rule_action action;gbp_next_hop_set nh_set
E	gbp_rule_action	u32	GBP_API_RULE_PERMIT=1 GBP_API_RULE_DENY=2 GBP_API_RULE_REDIRECT=3
A	gbp_scope	u16 gbp_scope
S	gbp_subnet	u32 rd_id;interface_index sw_if_index=4294967295;u16 sclass=4294967295;gbp_subnet_type type;prefix prefix
E	gbp_subnet_type	u32	GBP_API_SUBNET_TRANSPORT=1 GBP_API_SUBNET_STITCHED_INTERNAL=2 GBP_API_SUBNET_STITCHED_EXTERNAL=3 GBP_API_SUBNET_L3_OUT=4 GBP_API_SUBNET_ANON_L3_OUT=5
S	gbp_vxlan_tunnel	u32 vni;gbp_vxlan_tunnel_mode mode;u32 bd_rd_id;ip4_address src
E	gbp_vxlan_tunnel_mode	u32	GBP_VXLAN_TUNNEL_MODE_L2=1 GBP_VXLAN_TUNNEL_MODE_L3=2
S	generic_pattern	u8 spec[1024];u8 mask[1024]
S	gpe_fwd_entry	u32 fwd_entry_index;u32 dp_table;eid leid;eid reid;u32 vni;u8 action
S	gpe_locator	u8 weight;address addr
S	gpe_native_fwd_rpath	u32 fib_index;interface_index nh_sw_if_index;address nh_addr
S	gre_tunnel	gre_tunnel_type type;tunnel_mode mode;tunnel_encap_decap_flags flags;u16 session_id;u32 instance;u32 outer_table_id;interface_index sw_if_index;address src;address dst
E	gre_tunnel_type	u8	GRE_API_TUNNEL_TYPE_L3=0 GRE_API_TUNNEL_TYPE_TEB=1 GRE_API_TUNNEL_TYPE_ERSPAN=2
S	gre_tunnel_v2	gre_tunnel_type type;tunnel_mode mode;tunnel_encap_decap_flags flags;u16 session_id;u32 instance;u32 outer_table_id;interface_index sw_if_index;address src;address dst;u32 key
S	group_prefix	group_prefix_type type;prefix prefix
E	group_prefix_type	u32	ASM=0 SSM=1
E	gtpu_decap_next_type	u32	GTPU_API_DECAP_NEXT_DROP=0 GTPU_API_DECAP_NEXT_L2=1 GTPU_API_DECAP_NEXT_IP4=2 GTPU_API_DECAP_NEXT_IP6=3
E	gtpu_forwarding_type	u32	GTPU_API_FORWARDING_NONE=0 GTPU_API_FORWARDING_BAD_HEADER=1 GTPU_API_FORWARDING_UNKNOWN_TEID=2 GTPU_API_FORWARDING_UNKNOWN_TYPE=4
S	hmac_key	hmac_key_id id;u8 key[64]
E	hmac_key_id	u8	KEY_ID_API_HMAC_NO_KEY=0 KEY_ID_API_HMAC_SHA_1_96=1 KEY_ID_API_HMAC_SHA_256_128=2
F	if_status_flags	u32	IF_STATUS_API_FLAG_ADMIN_UP=1 IF_STATUS_API_FLAG_LINK_UP=2
E	if_type	u32	IF_API_TYPE_HARDWARE=0 IF_API_TYPE_SUB=1 IF_API_TYPE_P2P=2 IF_API_TYPE_PIPE=3
S	igmp_group	filter_mode filter;u8 n_srcs;interface_index sw_if_index;ip4_address gaddr;ip4_address saddrs[@n_srcs]
S	ikev2_auth	u8 method;u8 hex;u32 data_len;u8 data[@data_len]
S	ikev2_child_sa	u32 sa_index;u32 child_sa_index;u32 i_spi;u32 r_spi;ikev2_keys keys;ikev2_sa_transform encryption;ikev2_sa_transform integrity;ikev2_sa_transform esn
S	ikev2_child_sa_v2	u32 sa_index;u32 child_sa_index;u32 i_spi;u32 r_spi;ikev2_keys keys;ikev2_sa_transform encryption;ikev2_sa_transform integrity;ikev2_sa_transform esn;f64 uptime
S	ikev2_esp_transforms	u8 crypto_alg;u32 crypto_key_size;u8 integ_alg
S	ikev2_id	u8 type;u8 data_len;string data[64]
S	ikev2_ike_transforms	u8 crypto_alg;u32 crypto_key_size;u8 integ_alg;u8 dh_group
S	ikev2_ike_transforms~2	u8 crypto_alg;u32 crypto_key_size;u8 integ_alg;u8 prf_alg;u8 dh_group
S	ikev2_keys	u8 sk_d[64];u8 sk_d_len;u8 sk_ai[64];u8 sk_ai_len;u8 sk_ar[64];u8 sk_ar_len;u8 sk_ei[64];u8 sk_ei_len;u8 sk_er[64];u8 sk_er_len;u8 sk_pi[64];u8 sk_pi_len;u8 sk_pr[64];u8 sk_pr_len
S	ikev2_profile	string name[64];ikev2_id loc_id;ikev2_id rem_id;ikev2_ts loc_ts;ikev2_ts rem_ts;ikev2_responder responder;ikev2_ike_transforms ike_ts;ikev2_esp_transforms esp_ts;u64 lifetime;u64 lifetime_maxdata;u32 lifetime_jitter;u32 handover;u16 ipsec_over_udp_port;u32 tun_itf;bool udp_encap;bool natt_disabled;ikev2_auth auth
S	ikev2_profile~2	string name[64];ikev2_id loc_id;ikev2_id rem_id;ikev2_ts loc_ts;ikev2_ts rem_ts;ikev2_responder responder;ikev2_ike_transforms~2 ike_ts;ikev2_esp_transforms esp_ts;u64 lifetime;u64 lifetime_maxdata;u32 lifetime_jitter;u32 handover;u16 ipsec_over_udp_port;u32 tun_itf;bool udp_encap;bool natt_disabled;ikev2_auth auth
S	ikev2_responder	interface_index sw_if_index;address addr
S	ikev2_sa	u32 sa_index;u32 profile_index;u64 ispi;u64 rspi;address iaddr;address raddr;ikev2_keys keys;ikev2_id i_id;ikev2_id r_id;ikev2_sa_transform encryption;ikev2_sa_transform integrity;ikev2_sa_transform prf;ikev2_sa_transform dh;ikev2_sa_stats stats
S	ikev2_sa_stats	u16 n_keepalives;u16 n_rekey_req;u16 n_sa_init_req;u16 n_sa_auth_req;u16 n_retransmit;u16 n_init_sa_retransmit
S	ikev2_sa_transform	u8 transform_type;u16 transform_id;u16 key_len;u16 key_trunc;u16 block_size;u8 dh_group
S	ikev2_sa_v2	u32 sa_index;string profile_name[64];ikev2_state state;u64 ispi;u64 rspi;address iaddr;address raddr;ikev2_keys keys;ikev2_id i_id;ikev2_id r_id;ikev2_sa_transform encryption;ikev2_sa_transform integrity;ikev2_sa_transform prf;ikev2_sa_transform dh;ikev2_sa_stats stats
S	ikev2_sa_v3	u32 sa_index;string profile_name[64];ikev2_state state;u64 ispi;u64 rspi;address iaddr;address raddr;ikev2_keys keys;ikev2_id i_id;ikev2_id r_id;ikev2_sa_transform encryption;ikev2_sa_transform integrity;ikev2_sa_transform prf;ikev2_sa_transform dh;ikev2_sa_stats stats;f64 uptime
E	ikev2_state	u32	UNKNOWN=0 SA_INIT=1 DELETED=2 AUTH_FAILED=3 AUTHENTICATED=4 NOTIFY_AND_DELETE=5 TS_UNACCEPTABLE=6 NO_PROPOSAL_CHOSEN=7
S	ikev2_ts	u32 sa_index;u32 child_sa_index;bool is_local;u8 protocol_id;u16 start_port;u16 end_port;address start_addr;address end_addr
A	interface_index	u32 interface_index
A	ip4_address	u8 ip4_address[4]
S	ip4_address_and_mask	ip4_address addr;ip4_address mask
A	ip4_address_with_prefix	ip4_prefix ip4_address_with_prefix
S	ip4_prefix	ip4_address address;u8 len
A	ip6_address	u8 ip6_address[16]
S	ip6_address_and_mask	ip6_address addr;ip6_address mask
A	ip6_address_with_prefix	ip6_prefix ip6_address_with_prefix
E	ip6_dad_state	u8	IP6_DAD_STATE_IDLE=0 IP6_DAD_STATE_TENTATIVE=1 IP6_DAD_STATE_PREFERRED=2 IP6_DAD_STATE_DUPLICATE=3
S	ip6_prefix	ip6_address address;u8 len
S	ip6_ra_prefix_info	prefix prefix;u8 flags;u32 valid_time;u32 preferred_time
S	ip6nd_ra_prefix	prefix prefix;bool onlink_flag;bool autonomous_flag;u32 val_lifetime;u32 pref_lifetime;f64 valid_lifetime_expires;f64 pref_lifetime_expires;bool decrement_lifetime_flag;bool no_advertise
E	ip_dscp	u8	IP_API_DSCP_CS0=0 IP_API_DSCP_CS1=8 IP_API_DSCP_AF11=10 IP_API_DSCP_AF12=12 IP_API_DSCP_AF13=14 IP_API_DSCP_CS2=16 IP_API_DSCP_AF21=18 IP_API_DSCP_AF22=20 IP_API_DSCP_AF23=22 IP_API_DSCP_CS3=24 IP_API_DSCP_AF31=26 IP_API_DSCP_AF32=28 IP_API_DSCP_AF33=30 IP_API_DSCP_CS4=32 IP_API_DSCP_AF41=34 IP_API_DSCP_AF42=36 IP_API_DSCP_AF43=38 IP_API_DSCP_CS5=40 IP_API_DSCP_EF=46 IP_API_DSCP_CS6=48 IP_API_DSCP_CS7=50
F	ip_flow_hash_config	u32	IP_API_FLOW_HASH_SRC_IP=1 IP_API_FLOW_HASH_DST_IP=2 IP_API_FLOW_HASH_SRC_PORT=4 IP_API_FLOW_HASH_DST_PORT=8 IP_API_FLOW_HASH_PROTO=16 IP_API_FLOW_HASH_REVERSE=32 IP_API_FLOW_HASH_SYMETRIC=64 IP_API_FLOW_HASH_FLOW_LABEL=128
F	ip_flow_hash_config_v2	u32	IP_API_V2_FLOW_HASH_SRC_IP=1 IP_API_V2_FLOW_HASH_DST_IP=2 IP_API_V2_FLOW_HASH_SRC_PORT=4 IP_API_V2_FLOW_HASH_DST_PORT=8 IP_API_V2_FLOW_HASH_PROTO=16 IP_API_V2_FLOW_HASH_REVERSE=32 IP_API_V2_FLOW_HASH_SYMETRIC=64 IP_API_V2_FLOW_HASH_FLOW_LABEL=128 IP_API_V2_FLOW_HASH_GTPV1_TEID=256
S	ip_mroute	u32 table_id;mfib_entry_flags entry_flags;u32 rpf_id;mprefix prefix;u8 n_paths;mfib_path paths[@n_paths]
S	ip_neighbor	interface_index sw_if_index;ip_neighbor_flags flags;mac_address mac_address;address ip_address
F	ip_neighbor_event_flags	u32	IP_NEIGHBOR_API_EVENT_FLAG_ADDED=1 IP_NEIGHBOR_API_EVENT_FLAG_REMOVED=2
F	ip_neighbor_flags	u8	IP_API_NEIGHBOR_FLAG_NONE=0 IP_API_NEIGHBOR_FLAG_STATIC=1 IP_API_NEIGHBOR_FLAG_NO_FIB_ENTRY=2
S	ip_path_mtu	u32 client_index;u32 context;u32 table_id;address nh;u16 path_mtu
S	ip_port_and_mask	u16 port;u16 mask
S	ip_prot_and_mask	ip_proto prot;u8 mask
E	ip_proto	u8	IP_API_PROTO_HOPOPT=0 IP_API_PROTO_ICMP=1 IP_API_PROTO_IGMP=2 IP_API_PROTO_TCP=6 IP_API_PROTO_UDP=17 IP_API_PROTO_GRE=47 IP_API_PROTO_ESP=50 IP_API_PROTO_AH=51 IP_API_PROTO_ICMP6=58 IP_API_PROTO_EIGRP=88 IP_API_PROTO_OSPF=89 IP_API_PROTO_SCTP=132 IP_API_PROTO_RESERVED=255
E	ip_reass_type	u32	IP_REASS_TYPE_FULL=0 IP_REASS_TYPE_SHALLOW_VIRTUAL=1
S	ip_route	u32 table_id;u32 stats_index;prefix prefix;u8 n_paths;fib_path paths[@n_paths]
S	ip_route_v2	u32 table_id;u32 stats_index;prefix prefix;u8 n_paths;u8 src;fib_path paths[@n_paths]
S	ip_table	u32 table_id;bool is_ip6;string name[64]
S	ipip_tunnel	u32 instance;address src;address dst;interface_index sw_if_index;u32 table_id;tunnel_encap_decap_flags flags;tunnel_mode mode;ip_dscp dscp
E	ipsec_crypto_alg	u32	IPSEC_API_CRYPTO_ALG_NONE=0 IPSEC_API_CRYPTO_ALG_AES_CBC_128=1 IPSEC_API_CRYPTO_ALG_AES_CBC_192=2 IPSEC_API_CRYPTO_ALG_AES_CBC_256=3 IPSEC_API_CRYPTO_ALG_AES_CTR_128=4 IPSEC_API_CRYPTO_ALG_AES_CTR_192=5 IPSEC_API_CRYPTO_ALG_AES_CTR_256=6 IPSEC_API_CRYPTO_ALG_AES_GCM_128=7 IPSEC_API_CRYPTO_ALG_AES_GCM_192=8 IPSEC_API_CRYPTO_ALG_AES_GCM_256=9 IPSEC_API_CRYPTO_ALG_DES_CBC=10 IPSEC_API_CRYPTO_ALG_3DES_CBC=11 IPSEC_API_CRYPTO_ALG_CHACHA20_POLY1305=12 IPSEC_API_CRYPTO_ALG_AES_NULL_GMAC_128=13 IPSEC_API_CRYPTO_ALG_AES_NULL_GMAC_192=14 IPSEC_API_CRYPTO_ALG_AES_NULL_GMAC_256=15
E	ipsec_integ_alg	u32	IPSEC_API_INTEG_ALG_NONE=0 IPSEC_API_INTEG_ALG_MD5_96=1 IPSEC_API_INTEG_ALG_SHA1_96=2 IPSEC_API_INTEG_ALG_SHA_256_96=3 IPSEC_API_INTEG_ALG_SHA_256_128=4 IPSEC_API_INTEG_ALG_SHA_384_192=5 IPSEC_API_INTEG_ALG_SHA_512_256=6
S	ipsec_itf	u32 user_instance=4294967295;tunnel_mode mode;interface_index sw_if_index
E	ipsec_proto	u32	IPSEC_API_PROTO_ESP=50 IPSEC_API_PROTO_AH=51
S	ipsec_sad_entry	u32 sad_id;u32 spi;ipsec_proto protocol;ipsec_crypto_alg crypto_algorithm;key crypto_key;ipsec_integ_alg integrity_algorithm;key integrity_key;ipsec_sad_flags flags;address tunnel_src;address tunnel_dst;u32 tx_table_id;u32 salt;u16 udp_src_port=4500;u16 udp_dst_port=4500
S	ipsec_sad_entry_v2	u32 sad_id;u32 spi;ipsec_proto protocol;ipsec_crypto_alg crypto_algorithm;key crypto_key;ipsec_integ_alg integrity_algorithm;key integrity_key;ipsec_sad_flags flags;address tunnel_src;address tunnel_dst;tunnel_encap_decap_flags tunnel_flags;ip_dscp dscp;u32 tx_table_id;u32 salt;u16 udp_src_port=4500;u16 udp_dst_port=4500
S	ipsec_sad_entry_v3	u32 sad_id;u32 spi;ipsec_proto protocol;ipsec_crypto_alg crypto_algorithm;key crypto_key;ipsec_integ_alg integrity_algorithm;key integrity_key;ipsec_sad_flags flags;tunnel tunnel;u32 salt;u16 udp_src_port=4500;u16 udp_dst_port=4500
S	ipsec_sad_entry_v4	u32 sad_id;u32 spi;ipsec_proto protocol;ipsec_crypto_alg crypto_algorithm;key crypto_key;ipsec_integ_alg integrity_algorithm;key integrity_key;ipsec_sad_flags flags;tunnel tunnel;u32 salt;u16 udp_src_port=4500;u16 udp_dst_port=4500;u32 anti_replay_window_size=64
F	ipsec_sad_flags	u32	IPSEC_API_SAD_FLAG_NONE=0 IPSEC_API_SAD_FLAG_USE_ESN=1 IPSEC_API_SAD_FLAG_USE_ANTI_REPLAY=2 IPSEC_API_SAD_FLAG_IS_TUNNEL=4 IPSEC_API_SAD_FLAG_IS_TUNNEL_V6=8 IPSEC_API_SAD_FLAG_UDP_ENCAP=16 IPSEC_API_SAD_FLAG_IS_INBOUND=64 IPSEC_API_SAD_FLAG_ASYNC=128
E	ipsec_spd_action	u32	IPSEC_API_SPD_ACTION_BYPASS=0 IPSEC_API_SPD_ACTION_DISCARD=1 IPSEC_API_SPD_ACTION_RESOLVE=2 IPSEC_API_SPD_ACTION_PROTECT=3
S	ipsec_spd_entry	u32 spd_id;i32 priority;bool is_outbound;u32 sa_id;ipsec_spd_action policy;u8 protocol;address remote_address_start;address remote_address_stop;address local_address_start;address local_address_stop;u16 remote_port_start;u16 remote_port_stop;u16 local_port_start;u16 local_port_stop
S	ipsec_spd_entry_v2	u32 spd_id;i32 priority;bool is_outbound;u32 sa_id;ipsec_spd_action policy;u8 protocol;address remote_address_start;address remote_address_stop;address local_address_start;address local_address_stop;u16 remote_port_start;u16 remote_port_stop;u16 local_port_start;u16 local_port_stop
S	ipsec_tunnel_protect	interface_index sw_if_index;address nh;u32 sa_out;u8 n_sa_in;u32 sa_in[@n_sa_in]
S	key	u8 length;u8 data[128]
F	l2_intf_feat_flags	u32	L2_INTF_FEAT_NONE=0 L2_INTF_FEAT_LEARN=1 L2_INTF_FEAT_FWD=2 L2_INTF_FEAT_FLOOD=4 L2_INTF_FEAT_UU_FLOOD=8 L2_INTF_FEAT_ARP_TERM=16 L2_INTF_FEAT_ARP_UFWD=32
E	l2_port_type	u32	L2_API_PORT_TYPE_NORMAL=0 L2_API_PORT_TYPE_BVI=1 L2_API_PORT_TYPE_UU_FWD=2
E	l2t_lookup_key	u8	L2T_LOOKUP_KEY_API_SRC_ADDR=0 L2T_LOOKUP_KEY_API_DST_ADDR=1 L2T_LOOKUP_KEY_API_SESSION_ID=2
S	l3xc	interface_index sw_if_index;bool is_ip6;u8 n_paths;fib_path paths[@n_paths]
E	lb_encap_type	u32	LB_API_ENCAP_TYPE_GRE4=0 LB_API_ENCAP_TYPE_GRE6=1 LB_API_ENCAP_TYPE_L3DSR=2 LB_API_ENCAP_TYPE_NAT4=3 LB_API_ENCAP_TYPE_NAT6=4 LB_API_ENCAP_N_TYPES=5
E	lb_srv_type	u32	LB_API_SRV_TYPE_CLUSTERIP=0 LB_API_SRV_TYPE_NODEPORT=1 LB_API_SRV_N_TYPES=2
S	lb_vip	address_with_prefix pfx;ip_proto protocol;u16 port
E	lcp_itf_host_type	u8	LCP_API_ITF_HOST_TAP=0 LCP_API_ITF_HOST_TUN=1
E	link_duplex	u32	LINK_DUPLEX_API_UNKNOWN=0 LINK_DUPLEX_API_HALF=1 LINK_DUPLEX_API_FULL=2
S	lisp_adjacency	eid reid;eid leid
E	lisp_locator_set_filter	u8	LISP_LOCATOR_SET_FILTER_API_ALL=0 LISP_LOCATOR_SET_FILTER_API_LOCAL=1 LISP_LOCATOR_SET_FILTER_API_REMOTE=2
S	local_locator	interface_index sw_if_index;u8 priority;u8 weight
E	log_level	u32	VPE_API_LOG_LEVEL_EMERG=0 VPE_API_LOG_LEVEL_ALERT=1 VPE_API_LOG_LEVEL_CRIT=2 VPE_API_LOG_LEVEL_ERR=3 VPE_API_LOG_LEVEL_WARNING=4 VPE_API_LOG_LEVEL_NOTICE=5 VPE_API_LOG_LEVEL_INFO=6 VPE_API_LOG_LEVEL_DEBUG=7 VPE_API_LOG_LEVEL_DISABLED=8
A	mac_address	u8 mac_address[6]
S	mac_entry	interface_index sw_if_index;mac_address mac_addr;mac_event_action action;u8 flags
E	mac_event_action	u32	MAC_EVENT_ACTION_API_ADD=0 MAC_EVENT_ACTION_API_DELETE=1 MAC_EVENT_ACTION_API_MOVE=2
S	macip_acl_rule	acl_action is_permit;mac_address src_mac;mac_address src_mac_mask;prefix src_prefix
S	mactime_time_range	f64 start;f64 end
E	memif_mode	u32	MEMIF_MODE_API_ETHERNET=0 MEMIF_MODE_API_IP=1 MEMIF_MODE_API_PUNT_INJECT=2
E	memif_role	u32	MEMIF_ROLE_API_MASTER=0 MEMIF_ROLE_API_SLAVE=1
S	message_table_entry	u16 index;string name[64]
F	mfib_entry_flags	u32	MFIB_API_ENTRY_FLAG_NONE=0 MFIB_API_ENTRY_FLAG_SIGNAL=1 MFIB_API_ENTRY_FLAG_DROP=2 MFIB_API_ENTRY_FLAG_CONNECTED=4 MFIB_API_ENTRY_FLAG_ACCEPT_ALL_ITF=8
F	mfib_itf_flags	u32	MFIB_API_ITF_FLAG_NONE=0 MFIB_API_ITF_FLAG_NEGATE_SIGNAL=1 MFIB_API_ITF_FLAG_ACCEPT=2 MFIB_API_ITF_FLAG_FORWARD=4 MFIB_API_ITF_FLAG_SIGNAL_PRESENT=8 MFIB_API_ITF_FLAG_DONT_PRESERVE=16
S	mfib_path	mfib_itf_flags itf_flags;fib_path path
S	module_version	u32 major;u32 minor;u32 patch;string name[64]
S	mpls_route	u32 mr_table_id;u32 mr_label;u8 mr_eos;u8 mr_eos_proto;bool mr_is_multicast;u8 mr_n_paths;fib_path mr_paths[@mr_n_paths]
S	mpls_table	u32 mt_table_id;string mt_name[64]
S	mpls_tunnel	interface_index mt_sw_if_index;u32 mt_tunnel_index;bool mt_l2_only;bool mt_is_multicast;string mt_tag[64];u8 mt_n_paths;fib_path mt_paths[@mt_n_paths]
S	mprefix	address_family af;u16 grp_address_length;address_union grp_address;address_union src_address
F	mss_clamp_dir	u8	MSS_CLAMP_DIR_NONE=0 MSS_CLAMP_DIR_RX=1 MSS_CLAMP_DIR_TX=2
F	nat44_config_flags	u8	NAT44_IS_ENDPOINT_INDEPENDENT=0 NAT44_IS_ENDPOINT_DEPENDENT=1 NAT44_IS_STATIC_MAPPING_ONLY=2 NAT44_IS_CONNECTION_TRACKING=4 NAT44_IS_OUT2IN_DPO=8
F	nat44_ei_config_flags	u8	NAT44_EI_NONE=0 NAT44_EI_STATIC_MAPPING_ONLY=1 NAT44_EI_CONNECTION_TRACKING=2 NAT44_EI_OUT2IN_DPO=4 NAT44_EI_ADDR_ONLY_MAPPING=8 NAT44_EI_IF_INSIDE=16 NAT44_EI_IF_OUTSIDE=32 NAT44_EI_STATIC_MAPPING=64
S	nat44_lb_addr_port	ip4_address addr;u16 port;u8 probability;u32 vrf_id
F	nat_config_flags	u8	NAT_IS_NONE=0 NAT_IS_TWICE_NAT=1 NAT_IS_SELF_TWICE_NAT=2 NAT_IS_OUT2IN_ONLY=4 NAT_IS_ADDR_ONLY=8 NAT_IS_OUTSIDE=16 NAT_IS_INSIDE=32 NAT_IS_STATIC=64 NAT_IS_EXT_HOST_VALID=128
E	nat_log_level	u8	NAT_LOG_NONE=0 NAT_LOG_ERROR=1 NAT_LOG_WARNING=2 NAT_LOG_NOTICE=3 NAT_LOG_INFO=4 NAT_LOG_DEBUG=5
S	nat_timeouts	u32 udp;u32 tcp_established;u32 tcp_transitory;u32 icmp
E	node_flag	u32	NODE_FLAG_FRAME_NO_FREE_AFTER_DISPATCH=1 NODE_FLAG_IS_OUTPUT=2 NODE_FLAG_IS_DROP=4 NODE_FLAG_IS_PUNT=8 NODE_FLAG_IS_HANDOFF=16 NODE_FLAG_TRACE=32 NODE_FLAG_SWITCH_FROM_INTERRUPT_TO_POLLING_MODE=64 NODE_FLAG_SWITCH_FROM_POLLING_TO_INTERRUPT_MODE=128 NODE_FLAG_TRACE_SUPPORTED=256
U	npol_entry_data	prefix cidr;npol_port_range port_range;npol_entry_set_id set_id
S	npol_entry_set_id	u32 set_id
E	npol_entry_type	u8	NPOL_CIDR=0 NPOL_PORT_RANGE=1 NPOL_PORT_IP_SET=2 NPOL_IP_SET=3
S	npol_ipset_member	npol_ipset_member_val val
U	npol_ipset_member_val	address address;prefix prefix;npol_three_tuple tuple
E	npol_ipset_type	u8	NPOL_IP=0 NPOL_IP_AND_PORT=1 NPOL_NET=2
E	npol_policy_default	u8	NPOL_DEFAULT_ALLOW=0 NPOL_DEFAULT_DENY=1 NPOL_DEFAULT_PASS=2
S	npol_policy_item	bool is_inbound;u32 rule_id
S	npol_port_range	u16 start;u16 end
S	npol_rule	npol_rule_action action;npol_rule_filter filters[3];u32 num_entries;npol_rule_entry matches[@num_entries]
E	npol_rule_action	u8	NPOL_ALLOW=0 NPOL_DENY=1 NPOL_LOG=2 NPOL_PASS=3
S	npol_rule_entry	bool is_src;bool is_not;npol_entry_type type;npol_entry_data data
S	npol_rule_filter	u32 value;npol_rule_filter_type type;u8 should_match
E	npol_rule_filter_type	u8	NPOL_RULE_FILTER_NONE_TYPE=0 NPOL_RULE_FILTER_ICMP_TYPE=1 NPOL_RULE_FILTER_ICMP_CODE=2 NPOL_RULE_FILTER_L4_PROTO=3
S	npol_three_tuple	address address;u8 l4_proto;u16 port
S	nsh	u32 spi;u8 si
S	one_adjacency	eid reid;eid leid
E	one_filter	u32	ONE_FILTER_API_ALL=0 ONE_FILTER_API_LOCAL=1 ONE_FILTER_API_REMOTE=2
S	one_l2_arp_entry	mac_address mac;ip4_address ip4
E	one_map_mode	u32	ONE_MAP_MODE_API_DST_ONLY=0 ONE_MAP_MODE_API_SRC_DST=1
S	one_ndp_entry	mac_address mac;ip6_address ip6
S	pci_address	u16 domain;u8 bus;u8 slot;u8 function
F	pg_interface_flags	u32	PG_API_FLAG_NONE=0 PG_API_FLAG_CSUM_OFFLOAD=1 PG_API_FLAG_GSO=2 PG_API_FLAG_GRO_COALESCE=4
E	pg_interface_mode	u8	PG_API_MODE_ETHERNET=0 PG_API_MODE_IP4=1 PG_API_MODE_IP6=2
E	pnat_attachment_point	u32	PNAT_IP4_INPUT=0 PNAT_IP4_OUTPUT=1 PNAT_ATTACHMENT_POINT_MAX=2
E	pnat_mask	u32	PNAT_SA=1 PNAT_DA=2 PNAT_SPORT=4 PNAT_DPORT=8 PNAT_COPY_BYTE=16 PNAT_CLEAR_BYTE=32 PNAT_PROTO=64
S	pnat_match_tuple	ip4_address src;ip4_address dst;ip_proto proto;u16 sport;u16 dport;pnat_mask mask
S	pnat_rewrite_tuple	ip4_address src;ip4_address dst;u16 sport;u16 dport;pnat_mask mask;u8 from_offset;u8 to_offset;u8 clear_offset
E	policer_classify_table	u8	POLICER_CLASSIFY_API_TABLE_IP4=0 POLICER_CLASSIFY_API_TABLE_IP6=1 POLICER_CLASSIFY_API_TABLE_L2=2
S	policer_config	u32 cir;u32 eir;u64 cb;u64 eb;sse2_qos_rate_type rate_type;sse2_qos_round_type round_type;sse2_qos_policer_type type;bool color_aware;sse2_qos_action conform_action;sse2_qos_action exceed_action;sse2_qos_action violate_action
E	port_id_subtype	u32	PORT_ID_SUBTYPE_RESERVED=0 PORT_ID_SUBTYPE_INTF_ALIAS=1 PORT_ID_SUBTYPE_PORT_COMP=2 PORT_ID_SUBTYPE_MAC_ADDR=3 PORT_ID_SUBTYPE_NET_ADDR=4 PORT_ID_SUBTYPE_INTF_NAME=5 PORT_ID_SUBTYPE_AGENT_CIRCUIT_ID=6 PORT_ID_SUBTYPE_LOCAL=7
S	prefix	address address;u8 len
S	prefix_matcher	u8 le;u8 ge
S	proxy_arp	u32 table_id;ip4_address low;ip4_address hi
S	punt	punt_type type;punt_union punt
S	punt_exception	u32 id
S	punt_ip_proto	address_family af;ip_proto protocol
S	punt_l4	address_family af;ip_proto protocol;u16 port
S	punt_reason	u32 id;string name[]
S	punt_redirect	interface_index rx_sw_if_index;interface_index tx_sw_if_index;address nh
S	punt_redirect_v2	interface_index rx_sw_if_index=4294967295;address_family af;u32 n_paths;fib_path paths[@n_paths]
E	punt_type	u32	PUNT_API_TYPE_L4=0 PUNT_API_TYPE_IP_PROTO=1 PUNT_API_TYPE_EXCEPTION=2
U	punt_union	punt_exception exception;punt_l4 l4;punt_ip_proto ip_proto
S	pvti_tunnel	interface_index sw_if_index;address local_ip;u16 local_port;address remote_ip;bool peer_address_from_payload;u16 remote_port;u16 underlay_mtu;u32 underlay_fib_index
S	qos_egress_map	u32 id;qos_egress_map_row rows[4]
S	qos_egress_map_row	u8 outputs[256]
S	qos_mark	u32 sw_if_index;u32 map_id;qos_source output_source
S	qos_record	interface_index sw_if_index;qos_source input_source
E	qos_source	u8	QOS_API_SOURCE_EXT=0 QOS_API_SOURCE_VLAN=1 QOS_API_SOURCE_MPLS=2 QOS_API_SOURCE_IP=3
S	qos_store	interface_index sw_if_index;qos_source input_source;u8 value
E	rdma_mode	u32	RDMA_API_MODE_AUTO=0 RDMA_API_MODE_IBV=1 RDMA_API_MODE_DV=2
E	rdma_rss4	u32	RDMA_API_RSS4_AUTO=0 RDMA_API_RSS4_IP=1 RDMA_API_RSS4_IP_UDP=2 RDMA_API_RSS4_IP_TCP=3
E	rdma_rss6	u32	RDMA_API_RSS6_AUTO=0 RDMA_API_RSS6_IP=1 RDMA_API_RSS6_IP_UDP=2 RDMA_API_RSS6_IP_TCP=3
S	remote_locator	u8 priority;u8 weight;address ip_address
E	rss_function	u32	RSS_FUNC_DEFAULT=0 RSS_FUNC_TOEPLITZ=1 RSS_FUNC_SIMPLE_XOR=2 RSS_FUNC_SYMMETRIC_TOEPLITZ=3
E	rt_backend_engine	u8	RT_BACKEND_ENGINE_API_DISABLE=0 RT_BACKEND_ENGINE_API_RULE_TABLE=1 RT_BACKEND_ENGINE_API_NONE=2 RT_BACKEND_ENGINE_API_SDL=3
E	rx_mode	u32	RX_MODE_API_UNKNOWN=0 RX_MODE_API_POLLING=1 RX_MODE_API_INTERRUPT=2 RX_MODE_API_ADAPTIVE=3 RX_MODE_API_DEFAULT=4
S	sdl_rule	prefix lcl;u32 action_index;string tag[64]
S	sdl_rule_v2	prefix rmt;u32 action_index;string tag[64]
E	session_rule_scope	u32	SESSION_RULE_SCOPE_API_GLOBAL=0 SESSION_RULE_SCOPE_API_LOCAL=1 SESSION_RULE_SCOPE_API_BOTH=2
S	sfdp_service_name	string data[32]
E	sfdp_session_direction	u8	SFDP_API_FORWARD=0 SFDP_API_REVERSE=1
S	sfdp_session_key	u32 context_id;address init_addr;u16 init_port;address resp_addr;u16 resp_port
E	sfdp_session_state	u8	SFDP_API_SESSION_STATE_FSOL=0 SFDP_API_SESSION_STATE_ESTABLISHED=1 SFDP_API_SESSION_STATE_TIME_WAIT=2
E	sfdp_session_type	u8	SFDP_API_SESSION_TYPE_IP4=0 SFDP_API_SESSION_TYPE_IP6=1 SFDP_API_SESSION_TYPE_USER=2
E	sfdp_sp_node	u8	SFDP_API_SP_NODE_IP4_REASS=0 SFDP_API_SP_NODE_IP6_REASS=1 SFDP_API_SP_NODE_IP4_UNKNOWN_PROTO=2 SFDP_API_SP_NODE_IP6_UNKNOWN_PROTO=3 SFDP_API_SP_NODE_IP4_ICMP4_ERROR=4 SFDP_API_SP_NODE_IP6_ICMP6_ERROR=5
F	sfdp_tcp_check_session_flags	u32	SFDP_API_TCP_CHECK_SESSION_FLAG_WAIT_FOR_RESP_SYN=1 SFDP_API_TCP_CHECK_SESSION_FLAG_WAIT_FOR_INIT_ACK_TO_SYN=2 SFDP_API_TCP_CHECK_SESSION_FLAG_WAIT_FOR_RESP_ACK_TO_SYN=4 SFDP_API_TCP_CHECK_SESSION_FLAG_SEEN_FIN_INIT=8 SFDP_API_TCP_CHECK_SESSION_FLAG_SEEN_FIN_RESP=16 SFDP_API_TCP_CHECK_SESSION_FLAG_SEEN_ACK_TO_FIN_INIT=32 SFDP_API_TCP_CHECK_SESSION_FLAG_SEEN_ACK_TO_FIN_RESP=64 SFDP_API_TCP_CHECK_SESSION_FLAG_ESTABLISHED=128 SFDP_API_TCP_CHECK_SESSION_FLAG_REMOVING=256 SFDP_API_TCP_CHECK_SESSION_FLAG_BLOCKED=512
E	span_state	u32	SPAN_STATE_API_DISABLED=0 SPAN_STATE_API_RX=1 SPAN_STATE_API_TX=2 SPAN_STATE_API_RX_TX=3
E	sr_behavior	u8	SR_BEHAVIOR_API_END=1 SR_BEHAVIOR_API_X=2 SR_BEHAVIOR_API_T=3 SR_BEHAVIOR_API_D_FIRST=4 SR_BEHAVIOR_API_DX2=5 SR_BEHAVIOR_API_DX6=6 SR_BEHAVIOR_API_DX4=7 SR_BEHAVIOR_API_DT6=8 SR_BEHAVIOR_API_DT4=9 SR_BEHAVIOR_API_LAST=10 SR_BEHAVIOR_API_END_UN_PERF=11 SR_BEHAVIOR_API_END_UN=12 SR_BEHAVIOR_API_UA=13
E	sr_mobile_nhtype	u8	SRV6_NHTYPE_API_NONE=0 SRV6_NHTYPE_API_IPV4=1 SRV6_NHTYPE_API_IPV6=2 SRV6_NHTYPE_API_NON_IP=3
E	sr_policy_op	u8	SR_POLICY_OP_API_NONE=0 SR_POLICY_OP_API_ADD=1 SR_POLICY_OP_API_DEL=2 SR_POLICY_OP_API_MOD=3
E	sr_policy_type	u8	SR_API_POLICY_TYPE_DEFAULT=0 SR_API_POLICY_TYPE_SPRAY=1 SR_API_POLICY_TYPE_TEF=2
E	sr_steer	u8	SR_STEER_API_L2=2 SR_STEER_API_IPV4=4 SR_STEER_API_IPV6=6
S	srv6_sid_list	u8 num_sids;u32 weight;ip6_address sids[16]
S	srv6_sid_list_with_sl_index	u8 num_sids;u32 weight;u32 sl_index;ip6_address sids[16]
S	sse2_qos_action	sse2_qos_action_type type;u8 dscp
E	sse2_qos_action_type	u8	SSE2_QOS_ACTION_API_DROP=0 SSE2_QOS_ACTION_API_TRANSMIT=1 SSE2_QOS_ACTION_API_MARK_AND_TRANSMIT=2
E	sse2_qos_policer_type	u8	SSE2_QOS_POLICER_TYPE_API_1R2C=0 SSE2_QOS_POLICER_TYPE_API_1R3C_RFC_2697=1 SSE2_QOS_POLICER_TYPE_API_2R3C_RFC_2698=2 SSE2_QOS_POLICER_TYPE_API_2R3C_RFC_4115=3 SSE2_QOS_POLICER_TYPE_API_2R3C_RFC_MEF5CF1=4 SSE2_QOS_POLICER_TYPE_API_MAX=5
E	sse2_qos_rate_type	u8	SSE2_QOS_RATE_API_KBPS=0 SSE2_QOS_RATE_API_PPS=1 SSE2_QOS_RATE_API_INVALID=2
E	sse2_qos_round_type	u8	SSE2_QOS_ROUND_API_TO_CLOSEST=0 SSE2_QOS_ROUND_API_TO_UP=1 SSE2_QOS_ROUND_API_TO_DOWN=2 SSE2_QOS_ROUND_API_INVALID=3
F	sub_if_flags	u32	SUB_IF_API_FLAG_NO_TAGS=1 SUB_IF_API_FLAG_ONE_TAG=2 SUB_IF_API_FLAG_TWO_TAGS=4 SUB_IF_API_FLAG_DOT1AD=8 SUB_IF_API_FLAG_EXACT_MATCH=16 SUB_IF_API_FLAG_DEFAULT=32 SUB_IF_API_FLAG_OUTER_VLAN_ID_ANY=64 SUB_IF_API_FLAG_INNER_VLAN_ID_ANY=128 SUB_IF_API_FLAG_MASK_VNET=254 SUB_IF_API_FLAG_DOT1AH=256
S	sw_if_counters	u64 packets_rx;u64 packets_tx;u64 bytes_rx;u64 bytes_tx
E	syslog_severity	u32	SYSLOG_API_SEVERITY_EMERG=0 SYSLOG_API_SEVERITY_ALERT=1 SYSLOG_API_SEVERITY_CRIT=2 SYSLOG_API_SEVERITY_ERR=3 SYSLOG_API_SEVERITY_WARN=4 SYSLOG_API_SEVERITY_NOTICE=5 SYSLOG_API_SEVERITY_INFO=6 SYSLOG_API_SEVERITY_DBG=7
F	tap_flags	u32	TAP_API_FLAG_GSO=1 TAP_API_FLAG_CSUM_OFFLOAD=2 TAP_API_FLAG_PERSIST=4 TAP_API_FLAG_ATTACH=8 TAP_API_FLAG_TUN=16 TAP_API_FLAG_GRO_COALESCE=32 TAP_API_FLAG_PACKED=64 TAP_API_FLAG_IN_ORDER=128 TAP_API_FLAG_CONSISTENT_QP=256
S	teib_entry	interface_index sw_if_index;address peer;address nh;u32 nh_table_id
S	thread_data	u32 id;string name[64];string type[64];u32 pid;u32 cpu_id;u32 core;u32 cpu_socket
S	time_range	f64 start;f64 end
A	timestamp	f64 timestamp
E	trace_filter_flag	u32	TRACE_FF_NONE=0 TRACE_FF_INCLUDE_NODE=1 TRACE_FF_EXCLUDE_NODE=2 TRACE_FF_INCLUDE_CLASSIFIER=3 TRACE_FF_EXCLUDE_CLASSIFIER=4
E	transport_proto	u8	TRANSPORT_PROTO_API_TCP=0 TRANSPORT_PROTO_API_UDP=1 TRANSPORT_PROTO_API_NONE=2 TRANSPORT_PROTO_API_TLS=3 TRANSPORT_PROTO_API_QUIC=4
S	tunnel	u32 instance;address src;address dst;interface_index sw_if_index;u32 table_id;tunnel_encap_decap_flags encap_decap_flags;tunnel_mode mode;tunnel_flags flags;ip_dscp dscp;u8 hop_limit
F	tunnel_encap_decap_flags	u8	TUNNEL_API_ENCAP_DECAP_FLAG_NONE=0 TUNNEL_API_ENCAP_DECAP_FLAG_ENCAP_COPY_DF=1 TUNNEL_API_ENCAP_DECAP_FLAG_ENCAP_SET_DF=2 TUNNEL_API_ENCAP_DECAP_FLAG_ENCAP_COPY_DSCP=4 TUNNEL_API_ENCAP_DECAP_FLAG_ENCAP_COPY_ECN=8 TUNNEL_API_ENCAP_DECAP_FLAG_DECAP_COPY_ECN=16 TUNNEL_API_ENCAP_DECAP_FLAG_ENCAP_INNER_HASH=32 TUNNEL_API_ENCAP_DECAP_FLAG_ENCAP_COPY_HOP_LIMIT=64 TUNNEL_API_ENCAP_DECAP_FLAG_ENCAP_COPY_FLOW_LABEL=128
F	tunnel_flags	u8	TUNNEL_API_FLAG_TRACK_MTU=1
S	tunnel_metrics	interface_index sw_if_index;u32 reserved;sw_if_counters counters
E	tunnel_mode	u8	TUNNEL_API_MODE_P2P=0 TUNNEL_API_MODE_MP=1
S	udp_decap	u8 is_ip4;u16 port;udp_decap_next_proto next_proto
E	udp_decap_next_proto	u32	UDP_API_DECAP_PROTO_IP4=0 UDP_API_DECAP_PROTO_IP6=1 UDP_API_DECAP_PROTO_MPLS=2
S	udp_encap	u32 table_id;u16 src_port;u16 dst_port;address src_ip;address dst_ip;u32 id
E	urpf_mode	u8	URPF_API_MODE_OFF=0 URPF_API_MODE_LOOSE=1 URPF_API_MODE_STRICT=2
F	virtio_flags	u32	VIRTIO_API_FLAG_GSO=1 VIRTIO_API_FLAG_CSUM_OFFLOAD=2 VIRTIO_API_FLAG_GRO_COALESCE=4 VIRTIO_API_FLAG_PACKED=8 VIRTIO_API_FLAG_IN_ORDER=16 VIRTIO_API_FLAG_BUFFERING=32 VIRTIO_API_FLAG_RSS=64
E	virtio_net_features_first_32	u32	VIRTIO_NET_F_API_CSUM=1 VIRTIO_NET_F_API_GUEST_CSUM=2 VIRTIO_NET_F_API_GUEST_TSO4=128 VIRTIO_NET_F_API_GUEST_TSO6=256 VIRTIO_NET_F_API_GUEST_UFO=1024 VIRTIO_NET_F_API_HOST_TSO4=2048 VIRTIO_NET_F_API_HOST_TSO6=4096 VIRTIO_NET_F_API_HOST_UFO=16384 VIRTIO_NET_F_API_MRG_RXBUF=32768 VIRTIO_NET_F_API_CTRL_VQ=131072 VIRTIO_NET_F_API_GUEST_ANNOUNCE=2097152 VIRTIO_NET_F_API_MQ=4194304 VHOST_F_API_LOG_ALL=67108864 VIRTIO_F_API_ANY_LAYOUT=134217728 VIRTIO_F_API_INDIRECT_DESC=268435456 VHOST_USER_F_API_PROTOCOL_FEATURES=1073741824
E	virtio_net_features_last_32	u32	VIRTIO_F_API_VERSION_1=1
S	vmxnet3_rx_list	u16 rx_qsize;u16 rx_fill[2];u16 rx_next;u16 rx_produce[2];u16 rx_consume[2]
S	vmxnet3_tx_list	u16 tx_qsize;u16 tx_next;u16 tx_produce;u16 tx_consume
S	vrrp_vr_conf	interface_index sw_if_index;u8 vr_id;u8 priority;u16 interval;vrrp_vr_flags flags
F	vrrp_vr_flags	u32	VRRP_API_VR_PREEMPT=1 VRRP_API_VR_ACCEPT=2 VRRP_API_VR_UNICAST=4 VRRP_API_VR_IPV6=8
S	vrrp_vr_key	interface_index sw_if_index;u8 vr_id;u8 is_ipv6
S	vrrp_vr_runtime	vrrp_vr_state state;u16 master_adv_int;u16 skew;u16 master_down_int;mac_address mac;vrrp_vr_tracking tracking
E	vrrp_vr_state	u32	VRRP_API_VR_STATE_INIT=0 VRRP_API_VR_STATE_BACKUP=1 VRRP_API_VR_STATE_MASTER=2 VRRP_API_VR_STATE_INTF_DOWN=3
S	vrrp_vr_track_if	interface_index sw_if_index;u8 priority
S	vrrp_vr_tracking	u32 interfaces_dec;u8 priority
E	vss_type	u32	VSS_TYPE_API_ASCII=0 VSS_TYPE_API_VPN_ID=1 VSS_TYPE_API_INVALID=123 VSS_TYPE_API_DEFAULT=255
E	vxlan_gbp_api_tunnel_mode	u32	VXLAN_GBP_API_TUNNEL_MODE_L2=1 VXLAN_GBP_API_TUNNEL_MODE_L3=2
S	vxlan_gbp_tunnel	u32 instance;address src;address dst;interface_index mcast_sw_if_index;u32 encap_table_id;u32 vni;interface_index sw_if_index;vxlan_gbp_api_tunnel_mode mode
S	wireguard_interface	u32 user_instance=4294967295;interface_index sw_if_index;u8 private_key[32];u8 public_key[32];u16 port;address src_ip
S	wireguard_peer	u8 public_key[32];u16 port;u16 persistent_keepalive;u32 table_id;address endpoint;interface_index sw_if_index;wireguard_peer_flags flags;u8 n_allowed_ips;prefix allowed_ips[@n_allowed_ips]
F	wireguard_peer_flags	u8	WIREGUARD_PEER_STATUS_DEAD=1 WIREGUARD_PEER_ESTABLISHED=2
S	wireguard_peer_v2	u32 peer_index;u8 preshared_key[32];bool preshared_key_set;u8 public_key[32];u16 port;u16 persistent_keepalive;u32 table_id;address endpoint;interface_index sw_if_index;wireguard_peer_flags flags;u8 n_allowed_ips;prefix allowed_ips[@n_allowed_ips]
S	wireguard_peer~2	u32 peer_index;u8 public_key[32];u16 port;u16 persistent_keepalive;u32 table_id;address endpoint;interface_index sw_if_index;wireguard_peer_flags flags;u8 n_allowed_ips;prefix allowed_ips[@n_allowed_ips]
M	abf_itf_attach_add_del	25c8621b	abf	ffff	u32 client_index;u32 context;bool is_add;abf_itf_attach attach
M	abf_itf_attach_add_del_reply	e8d4e804	abf	ffff	u32 context;i32 retval
M	abf_itf_attach_details	7819523e	abf	ffff	u32 context;abf_itf_attach attach
M	abf_itf_attach_dump	51077d14	abf	ffff	u32 client_index;u32 context
M	abf_plugin_get_version	51077d14	abf	ffff	u32 client_index;u32 context
M	abf_plugin_get_version_reply	9b32cf86	abf	ffff	u32 context;u32 major;u32 minor
M	abf_policy_add_del	c6131197	abf	ffff	u32 client_index;u32 context;bool is_add;abf_policy policy
M	abf_policy_add_del_reply	e8d4e804	abf	ffff	u32 context;i32 retval
M	abf_policy_details	b7487fa4	abf	ffff	u32 context;abf_policy policy
M	abf_policy_dump	51077d14	abf	ffff	u32 client_index;u32 context
M	acl_add_replace	ee5c2f18	acl	ffff	u32 client_index;u32 context;u32 acl_index;string tag[64];u32 count;acl_rule r[@count]
M	acl_add_replace_reply	ac407b0c	acl	ffff	u32 context;u32 acl_index;i32 retval
M	acl_del	ef34fea4	acl	ffff	u32 client_index;u32 context;u32 acl_index
M	acl_del_reply	e8d4e804	acl	ffff	u32 context;i32 retval
M	acl_details	95babae0	acl	ffff	u32 context;u32 acl_index;string tag[64];u32 count;acl_rule r[@count]
M	acl_dump	ef34fea4	acl	ffff	u32 client_index;u32 context;u32 acl_index
M	acl_interface_add_del	4b54bebd	acl	ffff	u32 client_index;u32 context;bool is_add=1;bool is_input;interface_index sw_if_index;u32 acl_index
M	acl_interface_add_del_reply	e8d4e804	acl	ffff	u32 context;i32 retval
M	acl_interface_etype_whitelist_details	cc2bfded	acl	ffff	u32 context;interface_index sw_if_index;u8 count;u8 n_input;u16 whitelist[@count]
M	acl_interface_etype_whitelist_dump	f9e6675e	acl	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	acl_interface_list_details	e695d256	acl	ffff	u32 context;interface_index sw_if_index;u8 count;u8 n_input;u32 acls[@count]
M	acl_interface_list_dump	f9e6675e	acl	ffff	u32 client_index;u32 context;interface_index sw_if_index=4294967295
M	acl_interface_set_acl_list	473982bd	acl	ffff	u32 client_index;u32 context;interface_index sw_if_index;u8 count;u8 n_input;u32 acls[@count]
M	acl_interface_set_acl_list_reply	e8d4e804	acl	ffff	u32 context;i32 retval
M	acl_interface_set_etype_whitelist	3f5c2d2d	acl	ffff	u32 client_index;u32 context;interface_index sw_if_index;u8 count;u8 n_input;u16 whitelist[@count]
M	acl_interface_set_etype_whitelist_reply	e8d4e804	acl	ffff	u32 context;i32 retval
M	acl_plugin_control_ping	51077d14	acl	ffff	u32 client_index;u32 context
M	acl_plugin_control_ping_reply	f6b0b8ca	acl	ffff	u32 context;i32 retval;u32 client_index;u32 vpe_pid
M	acl_plugin_get_conn_table_max_entries	51077d14	acl	ffff	u32 client_index;u32 context
M	acl_plugin_get_conn_table_max_entries_reply	7a096d3d	acl	ffff	u32 context;u64 conn_table_max_entries
M	acl_plugin_get_version	51077d14	acl	ffff	u32 client_index;u32 context
M	acl_plugin_get_version_reply	9b32cf86	acl	ffff	u32 context;u32 major;u32 minor
M	acl_plugin_use_hash_lookup_get	51077d14	acl	fffe	u32 client_index;u32 context
M	acl_plugin_use_hash_lookup_get_reply	5392ad31	acl	fffe	u32 context;bool enable
M	acl_plugin_use_hash_lookup_set	b3e225d2	acl	fffe	u32 client_index;u32 context;bool enable
M	acl_plugin_use_hash_lookup_set_reply	e8d4e804	acl	fffe	u32 context;i32 retval
M	acl_stats_intf_counters_enable	b3e225d2	acl	ffff	u32 client_index;u32 context;bool enable
M	acl_stats_intf_counters_enable_reply	e8d4e804	acl	ffff	u32 context;i32 retval
M	add_del_ip_punt_redirect_v2	9e804227	ip	fffe	u32 client_index;u32 context;bool is_add=1;punt_redirect_v2 punt
M	add_del_ip_punt_redirect_v2_reply	e8d4e804	ip	fffe	u32 context;i32 retval
M	add_node_next	2457116d	vlib	ffff	u32 client_index;u32 context;string node_name[64];string next_name[64]
M	add_node_next_reply	2ed75f32	vlib	ffff	u32 context;i32 retval;u32 next_index
M	adl_allowlist_enable_disable	ea88828d	adl	ffff	u32 client_index;u32 context;interface_index sw_if_index;u32 fib_id;bool ip4;bool ip6;bool default_adl
M	adl_allowlist_enable_disable_reply	e8d4e804	adl	ffff	u32 context;i32 retval
M	adl_interface_enable_disable	5501adee	adl	ffff	u32 client_index;u32 context;interface_index sw_if_index;bool enable_disable
M	adl_interface_enable_disable_reply	e8d4e804	adl	ffff	u32 context;i32 retval
M	af_packet_create	a190415f	af_packet	ffff	u32 client_index;u32 context;mac_address hw_addr;bool use_random_hw_addr;string host_if_name[64]
M	af_packet_create_reply	5383d31f	af_packet	ffff	u32 context;i32 retval;interface_index sw_if_index
M	af_packet_create_v2	4aff0436	af_packet	fffc	u32 client_index;u32 context;mac_address hw_addr;bool use_random_hw_addr;string host_if_name[64];u32 rx_frame_size;u32 tx_frame_size;u32 rx_frames_per_block;u32 tx_frames_per_block;u32 flags;u16 num_rx_queues=1
M	af_packet_create_v2_reply	5383d31f	af_packet	fffc	u32 context;i32 retval;interface_index sw_if_index
M	af_packet_create_v3	b3a809d4	af_packet	fff8	u32 client_index;u32 context;af_packet_mode mode;mac_address hw_addr;bool use_random_hw_addr;string host_if_name[64];u32 rx_frame_size;u32 tx_frame_size;u32 rx_frames_per_block;u32 tx_frames_per_block;af_packet_flags flags;u16 num_rx_queues=1;u16 num_tx_queues=1
M	af_packet_create_v3_reply	5383d31f	af_packet	fff8	u32 context;i32 retval;interface_index sw_if_index
M	af_packet_delete	863fa648	af_packet	ffff	u32 client_index;u32 context;string host_if_name[64]
M	af_packet_delete_reply	e8d4e804	af_packet	ffff	u32 context;i32 retval
M	af_packet_details	58c7c042	af_packet	ffff	u32 context;interface_index sw_if_index;string host_if_name[64]
M	af_packet_dump	51077d14	af_packet	ffff	u32 client_index;u32 context
M	af_packet_set_l4_cksum_offload	319cd5c8	af_packet	ffff	u32 client_index;u32 context;interface_index sw_if_index;bool set
M	af_packet_set_l4_cksum_offload_reply	e8d4e804	af_packet	ffff	u32 context;i32 retval
M	af_xdp_create	21226c99	af_xdp	7ff	u32 client_index;u32 context;string host_if[64];string name[64];u16 rxq_num=1;u16 rxq_size;u16 txq_size;af_xdp_mode mode;af_xdp_flag flags;string prog[256]
M	af_xdp_create_reply	5383d31f	af_xdp	7ff	u32 context;i32 retval;interface_index sw_if_index
M	af_xdp_create_v2	e17ec2eb	af_xdp	7fc	u32 client_index;u32 context;string host_if[64];string name[64];u16 rxq_num=1;u16 rxq_size;u16 txq_size;af_xdp_mode mode;af_xdp_flag flags;string prog[256];string namespace[64]
M	af_xdp_create_v2_reply	5383d31f	af_xdp	7fc	u32 context;i32 retval;interface_index sw_if_index
M	af_xdp_create_v3	cf4b1827	af_xdp	ff80	u32 client_index;u32 context;string host_if[64];string name[64];u16 rxq_num=1;u16 rxq_size;u16 txq_size;af_xdp_mode mode;af_xdp_flag flags;string prog[256];string netns[64]
M	af_xdp_create_v3_reply	5383d31f	af_xdp	ff80	u32 context;i32 retval;interface_index sw_if_index
M	af_xdp_delete	f9e6675e	af_xdp	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	af_xdp_delete_reply	e8d4e804	af_xdp	ffff	u32 context;i32 retval
M	api_versions	51077d14	memclnt	ffff	u32 client_index;u32 context
M	api_versions_reply	5f0d99d6	memclnt	ffff	u32 context;i32 retval;u32 count;module_version api_versions[@count]
M	app_add_cert_key_pair	02eb8016	session	ffff	u32 client_index;u32 context;u16 cert_len;u16 certkey_len;u8 certkey[@certkey_len]
M	app_add_cert_key_pair_reply	b42958d0	session	ffff	u32 context;i32 retval;u32 index
M	app_attach	5f4a260d	session	ffff	u32 client_index;u32 context;u64 options[18];string namespace_id[]
M	app_attach_reply	5c89c3b0	session	ffff	u32 context;i32 retval;u64 app_mq;u64 vpp_ctrl_mq;u8 vpp_ctrl_mq_thread;u32 app_index;u8 n_fds;u8 fd_flags;u32 segment_size;u64 segment_handle;string segment_name[]
M	app_del_cert_key_pair	8ac76db6	session	ffff	u32 client_index;u32 context;u32 index
M	app_del_cert_key_pair_reply	e8d4e804	session	ffff	u32 context;i32 retval
M	app_namespace_add_del	6306aecb	session	ffff	u32 client_index;u32 context;u64 secret;interface_index sw_if_index=4294967295;u32 ip4_fib_id;u32 ip6_fib_id;string namespace_id[]
M	app_namespace_add_del_reply	85137120	session	ffff	u32 context;i32 retval;u32 appns_index
M	app_namespace_add_del_v2	ee0755cf	session	fffe	u32 client_index;u32 context;u64 secret;interface_index sw_if_index=4294967295;u32 ip4_fib_id;u32 ip6_fib_id;string namespace_id[64];string netns[64]
M	app_namespace_add_del_v2_reply	85137120	session	fffe	u32 context;i32 retval;u32 appns_index
M	app_namespace_add_del_v3	8a7e40a1	session	fffe	u32 client_index;u32 context;u64 secret;bool is_add=1;interface_index sw_if_index=4294967295;u32 ip4_fib_id;u32 ip6_fib_id;string namespace_id[64];string netns[64];string sock_name[]
M	app_namespace_add_del_v3_reply	85137120	session	fffe	u32 context;i32 retval;u32 appns_index
M	app_namespace_add_del_v4	42c1d824	session	ffc0	u32 client_index;u32 context;u64 secret;bool is_add=1;interface_index sw_if_index=4294967295;u32 ip4_fib_id;u32 ip6_fib_id;string namespace_id[64];string sock_name[]
M	app_namespace_add_del_v4_reply	85137120	session	ffc0	u32 context;i32 retval;u32 appns_index
M	app_worker_add_del	753253dc	session	ffff	u32 client_index;u32 context;u32 app_index;u32 wrk_index;bool is_add=1
M	app_worker_add_del_reply	5735ffe7	session	ffff	u32 context;i32 retval;u32 wrk_index;u64 app_event_queue_address;u8 n_fds;u8 fd_flags;u64 segment_handle;bool is_add=1;string segment_name[]
M	application_detach	51077d14	session	ffff	u32 client_index;u32 context
M	application_detach_reply	e8d4e804	session	ffff	u32 context;i32 retval
M	application_tls_cert_add	3f5cfe45	session	3f	u32 client_index;u32 context;u32 app_index;u16 cert_len;u8 cert[@cert_len]
M	application_tls_cert_add_reply	e8d4e804	session	3f	u32 context;i32 retval
M	application_tls_key_add	5eaf70cd	session	3f	u32 client_index;u32 context;u32 app_index;u16 key_len;u8 key[@key_len]
M	application_tls_key_add_reply	e8d4e804	session	3f	u32 context;i32 retval
M	arping	48817482	arping	ffff	u32 client_index;u32 context;address address;interface_index sw_if_index;bool is_garp;u32 repeat=1;f64 interval=1
M	arping_acd	48817482	arping	ff80	u32 client_index;u32 context;address address;interface_index sw_if_index;bool is_garp;u32 repeat=1;f64 interval=1
M	arping_acd_reply	e08c3b05	arping	ff80	u32 context;i32 retval;u32 reply_count;mac_address mac_address
M	arping_reply	bb9d1cbd	arping	ffff	u32 context;i32 retval;u32 reply_count
M	auto_sdl_config	14f30db8	auto_sdl	f800	u32 client_index;u32 context;u32 threshold=5;u32 remove_timeout=300;bool enable
M	auto_sdl_config_reply	e8d4e804	auto_sdl	f800	u32 context;i32 retval
M	avf_create	daab8ae2	avf	7fff	u32 client_index;u32 context;u32 pci_addr;i32 enable_elog;u16 rxq_num;u16 rxq_size;u16 txq_size
M	avf_create_reply	5383d31f	avf	7fff	u32 context;i32 retval;interface_index sw_if_index
M	avf_delete	f9e6675e	avf	7fff	u32 client_index;u32 context;interface_index sw_if_index
M	avf_delete_reply	e8d4e804	avf	7fff	u32 context;i32 retval
M	bd_ip_mac_add_del	0257c869	l2	ffff	u32 client_index;u32 context;bool is_add=1;bd_ip_mac entry
M	bd_ip_mac_add_del_reply	e8d4e804	l2	ffff	u32 context;i32 retval
M	bd_ip_mac_details	545af86a	l2	ffff	u32 context;bd_ip_mac entry
M	bd_ip_mac_dump	c25fdce6	l2	ffff	u32 client_index;u32 context;u32 bd_id
M	bd_ip_mac_flush	c25fdce6	l2	ffff	u32 client_index;u32 context;u32 bd_id
M	bd_ip_mac_flush_reply	e8d4e804	l2	ffff	u32 context;i32 retval
M	bfd_auth_del_key	65310b22	bfd	ffff	u32 client_index;u32 context;u32 conf_key_id
M	bfd_auth_del_key_reply	e8d4e804	bfd	ffff	u32 context;i32 retval
M	bfd_auth_keys_details	84130e9f	bfd	ffff	u32 context;u32 conf_key_id;u32 use_count;u8 auth_type
M	bfd_auth_keys_dump	51077d14	bfd	ffff	u32 client_index;u32 context
M	bfd_auth_set_key	690b8877	bfd	ffff	u32 client_index;u32 context;u32 conf_key_id;u8 key_len;u8 auth_type;u8 key[20]
M	bfd_auth_set_key_reply	e8d4e804	bfd	ffff	u32 context;i32 retval
M	bfd_udp_add	939cd26a	bfd	ffff	u32 client_index;u32 context;interface_index sw_if_index;u32 desired_min_tx;u32 required_min_rx;address local_addr;address peer_addr;u8 detect_mult;bool is_authenticated;u8 bfd_key_id;u32 conf_key_id
M	bfd_udp_add_reply	e8d4e804	bfd	ffff	u32 context;i32 retval
M	bfd_udp_auth_activate	21fd1bdb	bfd	ffff	u32 client_index;u32 context;interface_index sw_if_index;address local_addr;address peer_addr;bool is_delayed;u8 bfd_key_id;u32 conf_key_id
M	bfd_udp_auth_activate_reply	e8d4e804	bfd	ffff	u32 context;i32 retval
M	bfd_udp_auth_deactivate	9a05e2e0	bfd	ffff	u32 client_index;u32 context;interface_index sw_if_index;address local_addr;address peer_addr;bool is_delayed
M	bfd_udp_auth_deactivate_reply	e8d4e804	bfd	ffff	u32 context;i32 retval
M	bfd_udp_del	dcb13a89	bfd	ffff	u32 client_index;u32 context;interface_index sw_if_index;address local_addr;address peer_addr
M	bfd_udp_del_echo_source	51077d14	bfd	ffff	u32 client_index;u32 context
M	bfd_udp_del_echo_source_reply	e8d4e804	bfd	ffff	u32 context;i32 retval
M	bfd_udp_del_reply	e8d4e804	bfd	ffff	u32 context;i32 retval
M	bfd_udp_enable_multihop	51077d14	bfd	f800	u32 client_index;u32 context
M	bfd_udp_enable_multihop_reply	e8d4e804	bfd	f800	u32 context;i32 retval
M	bfd_udp_get_echo_source	51077d14	bfd	ffff	u32 client_index;u32 context
M	bfd_udp_get_echo_source_reply	e3d736a1	bfd	ffff	u32 context;i32 retval;interface_index sw_if_index;bool is_set;bool have_usable_ip4;ip4_address ip4_addr;bool have_usable_ip6;ip6_address ip6_addr
M	bfd_udp_get_tos	51077d14	bfd	e000	u32 client_index;u32 context
M	bfd_udp_get_tos_reply	d8931abf	bfd	e000	u32 context;i32 retval;u8 tos
M	bfd_udp_mod	913df085	bfd	ffff	u32 client_index;u32 context;interface_index sw_if_index;u32 desired_min_tx;u32 required_min_rx;address local_addr;address peer_addr;u8 detect_mult
M	bfd_udp_mod_reply	e8d4e804	bfd	ffff	u32 context;i32 retval
M	bfd_udp_session_details	09fb2f2d	bfd	ffff	u32 context;interface_index sw_if_index;address local_addr;address peer_addr;bfd_state state;bool is_authenticated;u8 bfd_key_id;u32 conf_key_id;u32 required_min_rx;u32 desired_min_tx;u8 detect_mult
M	bfd_udp_session_dump	51077d14	bfd	ffff	u32 client_index;u32 context
M	bfd_udp_session_event	8eaaf062	bfd	ffff	u32 client_index;u32 pid;interface_index sw_if_index;address local_addr;address peer_addr;bfd_state state;bool is_authenticated;u8 bfd_key_id;u32 conf_key_id;u32 required_min_rx;u32 desired_min_tx;u8 detect_mult
M	bfd_udp_session_set_flags	04b4bdfd	bfd	ffff	u32 client_index;u32 context;interface_index sw_if_index;address local_addr;address peer_addr;if_status_flags flags
M	bfd_udp_session_set_flags_reply	e8d4e804	bfd	ffff	u32 context;i32 retval
M	bfd_udp_set_echo_source	f9e6675e	bfd	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	bfd_udp_set_echo_source_reply	e8d4e804	bfd	ffff	u32 context;i32 retval
M	bfd_udp_set_tos	00fe25ce	bfd	e000	u32 client_index;u32 context;u8 tos
M	bfd_udp_set_tos_reply	e8d4e804	bfd	e000	u32 context;i32 retval
M	bfd_udp_upd	939cd26a	bfd	fff8	u32 client_index;u32 context;interface_index sw_if_index;u32 desired_min_tx;u32 required_min_rx;address local_addr;address peer_addr;u8 detect_mult;bool is_authenticated;u8 bfd_key_id;u32 conf_key_id
M	bfd_udp_upd_reply	1992deab	bfd	fff8	u32 context;i32 retval;u32 stats_index
M	bier_disp_entry_add_del	9eb80cb4	bier	ffff	u32 client_index;u32 context;u16 bde_bp;u32 bde_tbl_id;bool bde_is_add;u8 bde_payload_proto;u8 bde_n_paths;fib_path bde_paths[@bde_n_paths]
M	bier_disp_entry_add_del_reply	e8d4e804	bier	ffff	u32 context;i32 retval
M	bier_disp_entry_details	84c218f1	bier	ffff	u32 context;u16 bde_bp;u32 bde_tbl_id;bool bde_is_add;u8 bde_payload_proto;u8 bde_n_paths;fib_path bde_paths[@bde_n_paths]
M	bier_disp_entry_dump	b5fa54ad	bier	ffff	u32 client_index;u32 context;u32 bde_tbl_id
M	bier_disp_table_add_del	889657ac	bier	ffff	u32 client_index;u32 context;u32 bdt_tbl_id;bool bdt_is_add
M	bier_disp_table_add_del_reply	e8d4e804	bier	ffff	u32 context;i32 retval
M	bier_disp_table_details	d27942c0	bier	ffff	u32 context;u32 bdt_tbl_id
M	bier_disp_table_dump	51077d14	bier	ffff	u32 client_index;u32 context
M	bier_imp_add	3856dc3d	bier	ffff	u32 client_index;u32 context;bier_table_id bi_tbl_id;u16 bi_src;u8 bi_n_bytes;u8 bi_bytes[@bi_n_bytes]
M	bier_imp_add_reply	d49c5793	bier	ffff	u32 context;i32 retval;u32 bi_index
M	bier_imp_del	7d45edf6	bier	ffff	u32 client_index;u32 context;u32 bi_index
M	bier_imp_del_reply	e8d4e804	bier	ffff	u32 context;i32 retval
M	bier_imp_details	b76192df	bier	ffff	u32 context;bier_table_id bi_tbl_id;u16 bi_src;u8 bi_n_bytes;u8 bi_bytes[@bi_n_bytes]
M	bier_imp_dump	51077d14	bier	ffff	u32 client_index;u32 context
M	bier_route_add_del	fd02f3ea	bier	ffff	u32 client_index;u32 context;bool br_is_add;bool br_is_replace;bier_route br_route
M	bier_route_add_del_reply	e8d4e804	bier	ffff	u32 context;i32 retval
M	bier_route_details	4008caee	bier	ffff	u32 context;bier_route br_route
M	bier_route_dump	38339846	bier	ffff	u32 client_index;u32 context;bier_table_id br_tbl_id
M	bier_table_add_del	35e59209	bier	ffff	u32 client_index;u32 context;bier_table_id bt_tbl_id;u32 bt_label;bool bt_is_add
M	bier_table_add_del_reply	e8d4e804	bier	ffff	u32 context;i32 retval
M	bier_table_details	fc44a9dd	bier	ffff	u32 context;u32 bt_label;bier_table_id bt_tbl_id
M	bier_table_dump	51077d14	bier	ffff	u32 client_index;u32 context
M	bond_add_member	e7d14948	bond	ffff	u32 client_index;u32 context;interface_index sw_if_index;interface_index bond_sw_if_index;bool is_passive;bool is_long_timeout
M	bond_add_member_reply	e8d4e804	bond	ffff	u32 context;i32 retval
M	bond_create	f1dbd4ff	bond	ffff	u32 client_index;u32 context;u32 id=4294967295;bool use_custom_mac;mac_address mac_address;bond_mode mode;bond_lb_algo lb;bool numa_only
M	bond_create2	912fda76	bond	ffff	u32 client_index;u32 context;bond_mode mode;bond_lb_algo lb;bool numa_only;bool enable_gso;bool use_custom_mac;mac_address mac_address;u32 id=4294967295
M	bond_create2_reply	5383d31f	bond	ffff	u32 context;i32 retval;interface_index sw_if_index
M	bond_create_reply	5383d31f	bond	ffff	u32 context;i32 retval;interface_index sw_if_index
M	bond_delete	f9e6675e	bond	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	bond_delete_reply	e8d4e804	bond	ffff	u32 context;i32 retval
M	bond_detach_member	f9e6675e	bond	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	bond_detach_member_reply	e8d4e804	bond	ffff	u32 context;i32 retval
M	bond_detach_slave	f9e6675e	bond	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	bond_detach_slave_reply	e8d4e804	bond	ffff	u32 context;i32 retval
M	bond_enslave	e7d14948	bond	ffff	u32 client_index;u32 context;interface_index sw_if_index;interface_index bond_sw_if_index;bool is_passive;bool is_long_timeout
M	bond_enslave_reply	e8d4e804	bond	ffff	u32 context;i32 retval
M	bpf_trace_filter_set	3171346e	bpf_trace_filter	ff80	u32 client_index;u32 context;bool is_add=1;string filter[]
M	bpf_trace_filter_set_reply	e8d4e804	bpf_trace_filter	ff80	u32 context;i32 retval
M	bpf_trace_filter_set_v2	5615acbf	bpf_trace_filter	fe00	u32 client_index;u32 context;bool is_add=1;bool optimize=1;string filter[]
M	bpf_trace_filter_set_v2_reply	e8d4e804	bpf_trace_filter	fe00	u32 context;i32 retval
M	bridge_domain_add_del	600b7170	l2	ffff	u32 client_index;u32 context;u32 bd_id;bool flood;bool uu_flood;bool forward;bool learn;bool arp_term;bool arp_ufwd;u8 mac_age;string bd_tag[64];bool is_add=1
M	bridge_domain_add_del_reply	e8d4e804	l2	ffff	u32 context;i32 retval
M	bridge_domain_add_del_v2	600b7170	l2	ffe0	u32 client_index;u32 context;u32 bd_id;bool flood;bool uu_flood;bool forward;bool learn;bool arp_term;bool arp_ufwd;u8 mac_age;string bd_tag[64];bool is_add=1
M	bridge_domain_add_del_v2_reply	fcb1e980	l2	ffe0	u32 context;i32 retval;u32 bd_id
M	bridge_domain_details	0fa506fd	l2	ffff	u32 context;u32 bd_id;bool flood;bool uu_flood;bool forward;bool learn;bool arp_term;bool arp_ufwd;u8 mac_age;string bd_tag[64];interface_index bvi_sw_if_index;interface_index uu_fwd_sw_if_index;u32 n_sw_ifs;bridge_domain_sw_if sw_if_details[@n_sw_ifs]
M	bridge_domain_dump	74396a43	l2	ffff	u32 client_index;u32 context;u32 bd_id=4294967295;interface_index sw_if_index=4294967295
M	bridge_domain_set_default_learn_limit	f097ffce	l2	ffff	u32 client_index;u32 context;u32 learn_limit
M	bridge_domain_set_default_learn_limit_reply	e8d4e804	l2	ffff	u32 context;i32 retval
M	bridge_domain_set_learn_limit	89c52b5f	l2	ffff	u32 client_index;u32 context;u32 bd_id;u32 learn_limit
M	bridge_domain_set_learn_limit_reply	e8d4e804	l2	ffff	u32 context;i32 retval
M	bridge_domain_set_mac_age	b537ad7b	l2	ffff	u32 client_index;u32 context;u32 bd_id;u8 mac_age
M	bridge_domain_set_mac_age_reply	e8d4e804	l2	ffff	u32 context;i32 retval
M	bridge_flags	1b0c5fbd	l2	ffff	u32 client_index;u32 context;u32 bd_id;bool is_set;bd_flags flags
M	bridge_flags_reply	29b2a2b3	l2	ffff	u32 context;i32 retval;u32 resulting_feature_bitmap
M	builtinurl_enable	51077d14	builtinurl	3ff	u32 client_index;u32 context
M	builtinurl_enable_reply	e8d4e804	builtinurl	3ff	u32 context;i32 retval
M	bvi_create	f5398559	l2	ffff	u32 client_index;u32 context;mac_address mac;u32 user_instance=4294967295
M	bvi_create_reply	5383d31f	l2	ffff	u32 context;i32 retval;interface_index sw_if_index
M	bvi_delete	f9e6675e	l2	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	bvi_delete_reply	e8d4e804	l2	ffff	u32 context;i32 retval
M	cdp_enable_disable	2e7b47df	cdp	ffff	u32 client_index;u32 context;bool enable_disable
M	cdp_enable_disable_reply	e8d4e804	cdp	ffff	u32 context;i32 retval
M	classify_add_del_session	f20879f0	classify	ffff	u32 client_index;u32 context;bool is_add;u32 table_index;u32 hit_next_index=4294967295;u32 opaque_index=4294967295;i32 advance;classify_action action;u32 metadata;u32 match_len;u8 match[@match_len]
M	classify_add_del_session_reply	e8d4e804	classify	ffff	u32 context;i32 retval
M	classify_add_del_table	6849e39e	classify	ffff	u32 client_index;u32 context;bool is_add;bool del_chain;u32 table_index=4294967295;u32 nbuckets=2;u32 memory_size=2097152;u32 skip_n_vectors;u32 match_n_vectors=1;u32 next_table_index=4294967295;u32 miss_next_index=4294967295;u8 current_data_flag;i16 current_data_offset;u32 mask_len;u8 mask[@mask_len]
M	classify_add_del_table_reply	05486349	classify	ffff	u32 context;i32 retval;u32 new_table_index;u32 skip_n_vectors;u32 match_n_vectors
M	classify_pcap_get_tables	f9e6675e	classify	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	classify_pcap_get_tables_reply	5f5bc9e6	classify	ffff	u32 context;i32 retval;u32 count;u32 indices[@count]
M	classify_pcap_lookup_table	e1b4cc6b	classify	ffff	u32 client_index;u32 context;interface_index sw_if_index=4294967295;u32 skip_n_vectors;u32 match_n_vectors=1;u32 mask_len;u8 mask[@mask_len]
M	classify_pcap_lookup_table_reply	9c6c6773	classify	ffff	u32 context;i32 retval;u32 table_index
M	classify_pcap_set_table	006051b3	classify	ffff	u32 client_index;u32 context;interface_index sw_if_index;u32 table_index=4294967295;bool sort_masks
M	classify_pcap_set_table_reply	9c6c6773	classify	ffff	u32 context;i32 retval;u32 table_index
M	classify_session_details	60e3ef94	classify	ffff	u32 context;i32 retval;u32 table_id;u32 hit_next_index;i32 advance;u32 opaque_index;u32 match_length;u8 match[@match_length]
M	classify_session_dump	0cca2cd9	classify	ffff	u32 client_index;u32 context;u32 table_id
M	classify_set_interface_ip_table	e0b097c7	classify	ffff	u32 client_index;u32 context;bool is_ipv6;interface_index sw_if_index;u32 table_index
M	classify_set_interface_ip_table_reply	e8d4e804	classify	ffff	u32 context;i32 retval
M	classify_set_interface_l2_tables	5a6ddf65	classify	ffff	u32 client_index;u32 context;interface_index sw_if_index;u32 ip4_table_index;u32 ip6_table_index;u32 other_table_index;bool is_input
M	classify_set_interface_l2_tables_reply	e8d4e804	classify	ffff	u32 context;i32 retval
M	classify_table_by_interface	f9e6675e	classify	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	classify_table_by_interface_reply	ed4197db	classify	ffff	u32 context;i32 retval;interface_index sw_if_index;u32 l2_table_id;u32 ip4_table_id;u32 ip6_table_id
M	classify_table_ids	51077d14	classify	ffff	u32 client_index;u32 context
M	classify_table_ids_reply	d1d20e1d	classify	ffff	u32 context;i32 retval;u32 count;u32 ids[@count]
M	classify_table_info	0cca2cd9	classify	ffff	u32 client_index;u32 context;u32 table_id
M	classify_table_info_reply	4a573c0e	classify	ffff	u32 context;i32 retval;u32 table_id;u32 nbuckets;u32 match_n_vectors;u32 skip_n_vectors;u32 active_sessions;u32 next_table_index;u32 miss_next_index;u32 mask_length;u8 mask[@mask_length]
M	classify_trace_get_tables	51077d14	classify	ffff	u32 client_index;u32 context
M	classify_trace_get_tables_reply	5f5bc9e6	classify	ffff	u32 context;i32 retval;u32 count;u32 indices[@count]
M	classify_trace_lookup_table	3f7b72e4	classify	ffff	u32 client_index;u32 context;u32 skip_n_vectors;u32 match_n_vectors=1;u32 mask_len;u8 mask[@mask_len]
M	classify_trace_lookup_table_reply	9c6c6773	classify	ffff	u32 context;i32 retval;u32 table_index
M	classify_trace_set_table	3909b55a	classify	ffff	u32 client_index;u32 context;u32 table_index=4294967295;bool sort_masks
M	classify_trace_set_table_reply	9c6c6773	classify	ffff	u32 context;i32 retval;u32 table_index
M	cli	23bfbfff	vlib	ffff	u32 client_index;u32 context;u64 cmd_in_shmem
M	cli_inband	f8377302	vlib	ffff	u32 client_index;u32 context;string cmd[]
M	cli_inband_reply	05879051	vlib	ffff	u32 context;i32 retval;string reply[]
M	cli_reply	06d68297	vlib	ffff	u32 context;i32 retval;u64 reply_in_shmem
M	cnat_get_snat_addresses	51077d14	cnat	ffff	u32 client_index;u32 context
M	cnat_get_snat_addresses_reply	879513c1	cnat	ffff	u32 context;i32 retval;u32 id;ip4_address snat_ip4;ip6_address snat_ip6;interface_index sw_if_index
M	cnat_session_details	7e5017c7	cnat	7fff	u32 context;cnat_session session
M	cnat_session_details	7a78bf3f	cnat	8000	u32 context;cnat_session~2 session
M	cnat_session_dump	51077d14	cnat	ffff	u32 client_index;u32 context
M	cnat_session_purge	51077d14	cnat	ffff	u32 client_index;u32 context
M	cnat_session_purge_reply	e8d4e804	cnat	ffff	u32 context;i32 retval
M	cnat_set_snat_addresses	d997e96c	cnat	ffff	u32 client_index;u32 context;ip4_address snat_ip4;ip6_address snat_ip6;interface_index sw_if_index
M	cnat_set_snat_addresses_reply	e8d4e804	cnat	ffff	u32 context;i32 retval
M	cnat_set_snat_addresses_v2	c0125c26	cnat	8000	u32 client_index;u32 context;u32 fwd_fib_index;u32 ret_fib_index;ip4_address snat_ip4;ip6_address snat_ip6;interface_index sw_if_index;cnat_snat_policy_flags flags
M	cnat_set_snat_addresses_v2_reply	e8d4e804	cnat	8000	u32 context;i32 retval
M	cnat_set_snat_policy	d3e6eaf4	cnat	7fff	u32 client_index;u32 context;cnat_snat_policies policy
M	cnat_set_snat_policy	37a3ce23	cnat	8000	u32 client_index;u32 context;cnat_snat_policies policy
M	cnat_set_snat_policy_reply	e8d4e804	cnat	ffff	u32 context;i32 retval
M	cnat_snat_addresses_details	09ae6b38	cnat	8000	u32 context;i32 retval;u32 fwd_table_id4;u32 fwd_table_id6;u32 ret_table_id4;u32 ret_table_id6;ip4_address snat_ip4;ip6_address snat_ip6;interface_index sw_if_index
M	cnat_snat_addresses_dump	51077d14	cnat	8000	u32 client_index;u32 context
M	cnat_snat_policy_add_del_exclude_pfx	e26dd79a	cnat	ffff	u32 client_index;u32 context;u8 is_add;prefix prefix
M	cnat_snat_policy_add_del_exclude_pfx_reply	e8d4e804	cnat	ffff	u32 context;i32 retval
M	cnat_snat_policy_add_del_if	6828deca	cnat	7f	u32 client_index;u32 context;interface_index sw_if_index;u8 is_add;cnat_snat_policy_table table
M	cnat_snat_policy_add_del_if	4ebb8d02	cnat	ff80	u32 client_index;u32 context;interface_index sw_if_index;u8 is_add;cnat_snat_policy_table table
M	cnat_snat_policy_add_del_if_reply	e8d4e804	cnat	ffff	u32 context;i32 retval
M	cnat_translation_del	3a91bde5	cnat	ffff	u32 client_index;u32 context;u32 id
M	cnat_translation_del_reply	e8d4e804	cnat	ffff	u32 context;i32 retval
M	cnat_translation_details	347e1f16	cnat	ff	u32 context;cnat_translation translation
M	cnat_translation_details	1a5140b7	cnat	ff00	u32 context;cnat_translation~2 translation
M	cnat_translation_dump	51077d14	cnat	ffff	u32 client_index;u32 context
M	cnat_translation_update	cd5aedf5	cnat	ff	u32 client_index;u32 context;cnat_translation translation
M	cnat_translation_update	f8d40bc5	cnat	ff00	u32 client_index;u32 context;cnat_translation~2 translation
M	cnat_translation_update_reply	e2fc8294	cnat	ffff	u32 context;i32 retval;u32 id
M	collect_detailed_interface_stats	5501adee	interface	ffff	u32 client_index;u32 context;interface_index sw_if_index;bool enable_disable
M	collect_detailed_interface_stats_reply	e8d4e804	interface	ffff	u32 context;i32 retval
M	control_ping	51077d14	memclnt	ffff	u32 client_index;u32 context
M	control_ping_reply	f6b0b8ca	memclnt	ffff	u32 context;i32 retval;u32 client_index;u32 vpe_pid
M	create_loopback	42bb5d22	interface	ffff	u32 client_index;u32 context;mac_address mac_address
M	create_loopback_instance	d36a3ee2	interface	ffff	u32 client_index;u32 context;mac_address mac_address;bool is_specified;u32 user_instance
M	create_loopback_instance_reply	5383d31f	interface	ffff	u32 context;i32 retval;interface_index sw_if_index
M	create_loopback_reply	5383d31f	interface	ffff	u32 context;i32 retval;interface_index sw_if_index
M	create_subif	790ca755	interface	ffff	u32 client_index;u32 context;interface_index sw_if_index;u32 sub_id;sub_if_flags sub_if_flags;u16 outer_vlan_id;u16 inner_vlan_id
M	create_subif_reply	5383d31f	interface	ffff	u32 context;i32 retval;interface_index sw_if_index
M	create_vhost_user_if	c785c6fc	vhost_user	ffff	u32 client_index;u32 context;bool is_server;string sock_filename[256];bool renumber;bool disable_mrg_rxbuf;bool disable_indirect_desc;bool enable_gso;bool enable_packed;u32 custom_dev_instance;bool use_custom_mac;mac_address mac_address;string tag[64]
M	create_vhost_user_if_reply	5383d31f	vhost_user	ffff	u32 context;i32 retval;interface_index sw_if_index
M	create_vhost_user_if_v2	dba1cc1d	vhost_user	ffff	u32 client_index;u32 context;bool is_server;string sock_filename[256];bool renumber;bool disable_mrg_rxbuf;bool disable_indirect_desc;bool enable_gso;bool enable_packed;bool enable_event_idx;u32 custom_dev_instance;bool use_custom_mac;mac_address mac_address;string tag[64]
M	create_vhost_user_if_v2_reply	5383d31f	vhost_user	ffff	u32 context;i32 retval;interface_index sw_if_index
M	create_vlan_subif	af34ac8b	interface	ffff	u32 client_index;u32 context;interface_index sw_if_index;u32 vlan_id
M	create_vlan_subif_reply	5383d31f	interface	ffff	u32 context;i32 retval;interface_index sw_if_index
M	crypto_set_async_dispatch	5ca4adc0	crypto	ffff	u32 client_index;u32 context;crypto_dispatch_mode mode
M	crypto_set_async_dispatch_reply	e8d4e804	crypto	ffff	u32 context;i32 retval
M	crypto_set_async_dispatch_v2	667d2d54	crypto	ff80	u32 client_index;u32 context;crypto_dispatch_mode mode;bool adaptive
M	crypto_set_async_dispatch_v2_reply	e8d4e804	crypto	ff80	u32 context;i32 retval
M	crypto_set_handler	ce9ad00d	crypto	ffff	u32 client_index;u32 context;string alg_name[32];string engine[16];crypto_op_class_type oct;u8 is_async
M	crypto_set_handler_reply	e8d4e804	crypto	ffff	u32 context;i32 retval
M	crypto_sw_scheduler_set_worker	b4274502	crypto_sw_scheduler	ffff	u32 client_index;u32 context;u32 worker_index;bool crypto_enable
M	crypto_sw_scheduler_set_worker_reply	e8d4e804	crypto_sw_scheduler	ffff	u32 context;i32 retval
M	ct6_enable_disable	5d02ac02	ct6	ffff	u32 client_index;u32 context;bool enable_disable;bool is_inside;interface_index sw_if_index
M	ct6_enable_disable_reply	e8d4e804	ct6	ffff	u32 context;i32 retval
M	delete_loopback	f9e6675e	interface	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	delete_loopback_reply	e8d4e804	interface	ffff	u32 context;i32 retval
M	delete_subif	f9e6675e	interface	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	delete_subif_reply	e8d4e804	interface	ffff	u32 context;i32 retval
M	delete_vhost_user_if	f9e6675e	vhost_user	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	delete_vhost_user_if_reply	e8d4e804	vhost_user	ffff	u32 context;i32 retval
M	det44_add_del_map	1150a190	det44	ffff	u32 client_index;u32 context;bool is_add;ip4_address in_addr;u8 in_plen;ip4_address out_addr;u8 out_plen
M	det44_add_del_map_reply	e8d4e804	det44	ffff	u32 context;i32 retval
M	det44_close_session_in	3c68e073	det44	ffff	u32 client_index;u32 context;ip4_address in_addr;u16 in_port;ip4_address ext_addr;u16 ext_port
M	det44_close_session_in_reply	e8d4e804	det44	ffff	u32 context;i32 retval
M	det44_close_session_out	f6b259d1	det44	ffff	u32 client_index;u32 context;ip4_address out_addr;u16 out_port;ip4_address ext_addr;u16 ext_port
M	det44_close_session_out_reply	e8d4e804	det44	ffff	u32 context;i32 retval
M	det44_forward	7f8a89cd	det44	ffff	u32 client_index;u32 context;ip4_address in_addr
M	det44_forward_reply	a8ccbdc0	det44	ffff	u32 context;i32 retval;u16 out_port_lo;u16 out_port_hi;ip4_address out_addr
M	det44_get_timeouts	51077d14	det44	ffff	u32 client_index;u32 context
M	det44_get_timeouts_reply	3c4df4e1	det44	ffff	u32 context;i32 retval;u32 udp;u32 tcp_established;u32 tcp_transitory;u32 icmp
M	det44_interface_add_del_feature	dc17a836	det44	ffff	u32 client_index;u32 context;bool is_add;bool is_inside;interface_index sw_if_index
M	det44_interface_add_del_feature_reply	e8d4e804	det44	ffff	u32 context;i32 retval
M	det44_interface_details	e60cc5be	det44	ffff	u32 context;bool is_inside;bool is_outside;interface_index sw_if_index
M	det44_interface_dump	51077d14	det44	ffff	u32 client_index;u32 context
M	det44_map_details	ad91dc83	det44	ffff	u32 context;ip4_address in_addr;u8 in_plen;ip4_address out_addr;u8 out_plen;u32 sharing_ratio;u16 ports_per_host;u32 ses_num
M	det44_map_dump	51077d14	det44	ffff	u32 client_index;u32 context
M	det44_plugin_enable_disable	617b6bf8	det44	ffff	u32 client_index;u32 context;u32 inside_vrf;u32 outside_vrf;bool enable
M	det44_plugin_enable_disable_reply	e8d4e804	det44	ffff	u32 context;i32 retval
M	det44_reverse	a7573fe1	det44	ffff	u32 client_index;u32 context;u16 out_port;ip4_address out_addr
M	det44_reverse_reply	34066d48	det44	ffff	u32 context;i32 retval;ip4_address in_addr
M	det44_session_details	27f3c171	det44	ffff	u32 context;u16 in_port;ip4_address ext_addr;u16 ext_port;u16 out_port;u8 state;u32 expire
M	det44_session_dump	e45a3af7	det44	ffff	u32 client_index;u32 context;ip4_address user_addr
M	det44_set_timeouts	d4746b16	det44	ffff	u32 client_index;u32 context;u32 udp;u32 tcp_established;u32 tcp_transitory;u32 icmp
M	det44_set_timeouts_reply	e8d4e804	det44	ffff	u32 context;i32 retval
M	dev_attach	44b725fc	dev	ff00	u32 client_index;u32 context;string device_id[48];string driver_name[16];dev_flags flags;string args[]
M	dev_attach_reply	6082b181	dev	ff00	u32 context;u32 dev_index;i32 retval;string error_string[]
M	dev_create_port_if	1eb00d01	dev	700	u32 client_index;u32 context;u32 dev_index;string intf_name[32];u16 num_rx_queues;u16 num_tx_queues;u16 rx_queue_size;u16 tx_queue_size;u16 port_id;dev_port_flags flags;string args[]
M	dev_create_port_if	dbdf06f3	dev	f800	u32 client_index;u32 context;u32 dev_index;string intf_name[32];u16 num_rx_queues;u16 num_tx_queues;u16 rx_queue_size;u16 tx_queue_size;u16 port_id;dev_port_flags flags;string args[]
M	dev_create_port_if_reply	243c2374	dev	ff00	u32 client_index;u32 context;u32 sw_if_index;i32 retval;string error_string[]
M	dev_detach	afae52d6	dev	ff00	u32 client_index;u32 context;u32 dev_index
M	dev_detach_reply	c8d74455	dev	ff00	u32 context;i32 retval;string error_string[]
M	dev_remove_port_if	529cb13f	dev	ff00	u32 client_index;u32 context;u32 sw_if_index
M	dev_remove_port_if_reply	c8d74455	dev	ff00	u32 context;i32 retval;string error_string[]
M	dhcp6_client_enable_disable	ae6cfcfb	dhcp6_ia_na_client_cp	ffff	u32 client_index;u32 context;interface_index sw_if_index;bool enable
M	dhcp6_client_enable_disable_reply	e8d4e804	dhcp6_ia_na_client_cp	ffff	u32 context;i32 retval
M	dhcp6_clients_enable_disable	b3e225d2	dhcp	ffff	u32 client_index;u32 context;bool enable
M	dhcp6_clients_enable_disable_reply	e8d4e804	dhcp	ffff	u32 context;i32 retval
M	dhcp6_duid_ll_set	0f6ca323	dhcp	ffff	u32 client_index;u32 context;u8 duid_ll[10]
M	dhcp6_duid_ll_set_reply	e8d4e804	dhcp	ffff	u32 context;i32 retval
M	dhcp6_pd_client_enable_disable	a75a0772	dhcp6_pd_client_cp	ffff	u32 client_index;u32 context;interface_index sw_if_index;string prefix_group[64];bool enable
M	dhcp6_pd_client_enable_disable_reply	e8d4e804	dhcp6_pd_client_cp	ffff	u32 context;i32 retval
M	dhcp6_pd_reply_event	5e878029	dhcp	ffff	u32 client_index;u32 pid;interface_index sw_if_index;u32 server_index;dhcpv6_msg_type msg_type;u32 T1;u32 T2;u16 inner_status_code;u16 status_code;u8 preference;u32 n_prefixes;dhcp6_pd_prefix_info prefixes[@n_prefixes]
M	dhcp6_pd_send_client_message	3739fd8d	dhcp	ffff	u32 client_index;u32 context;interface_index sw_if_index;u32 server_index;u32 irt;u32 mrt;u32 mrc;u32 mrd;bool stop;dhcpv6_msg_type msg_type;u32 T1;u32 T2;u32 n_prefixes;dhcp6_pd_prefix_info prefixes[@n_prefixes]
M	dhcp6_pd_send_client_message_reply	e8d4e804	dhcp	ffff	u32 context;i32 retval
M	dhcp6_reply_event	85b7b17e	dhcp	ffff	u32 client_index;u32 pid;interface_index sw_if_index;u32 server_index;dhcpv6_msg_type msg_type;u32 T1;u32 T2;u16 inner_status_code;u16 status_code;u8 preference;u32 n_addresses;dhcp6_address_info addresses[@n_addresses]
M	dhcp6_send_client_message	f8222476	dhcp	ffff	u32 client_index;u32 context;interface_index sw_if_index;u32 server_index;u32 irt;u32 mrt;u32 mrc;u32 mrd;bool stop;dhcpv6_msg_type msg_type;u32 T1;u32 T2;u32 n_addresses;dhcp6_address_info addresses[@n_addresses]
M	dhcp6_send_client_message_reply	e8d4e804	dhcp	ffff	u32 context;i32 retval
M	dhcp_client_config	1af013ea	dhcp	ffff	u32 client_index;u32 context;bool is_add;dhcp_client client
M	dhcp_client_config_reply	e8d4e804	dhcp	ffff	u32 context;i32 retval
M	dhcp_client_details	3c5cd28a	dhcp	7	u32 context;dhcp_client client;dhcp_lease lease
M	dhcp_client_details	8897b2d8	dhcp	fff8	u32 context;dhcp_client client;dhcp_lease lease
M	dhcp_client_detect_enable_disable	ae6cfcfb	dhcp	ff00	u32 client_index;u32 context;interface_index sw_if_index;bool enable
M	dhcp_client_detect_enable_disable_reply	e8d4e804	dhcp	ff00	u32 context;i32 retval
M	dhcp_client_dump	51077d14	dhcp	ffff	u32 client_index;u32 context
M	dhcp_compl_event	554a44e5	dhcp	7	u32 client_index;u32 pid;dhcp_lease lease
M	dhcp_compl_event	e18124b7	dhcp	fff8	u32 client_index;u32 pid;dhcp_lease lease
M	dhcp_plugin_control_ping	51077d14	dhcp	ffff	u32 client_index;u32 context
M	dhcp_plugin_control_ping_reply	f6b0b8ca	dhcp	ffff	u32 context;i32 retval;u32 client_index;u32 vpe_pid
M	dhcp_plugin_get_version	51077d14	dhcp	ffff	u32 client_index;u32 context
M	dhcp_plugin_get_version_reply	9b32cf86	dhcp	ffff	u32 context;u32 major;u32 minor
M	dhcp_proxy_config	4058a689	dhcp	ffff	u32 client_index;u32 context;u32 rx_vrf_id;u32 server_vrf_id;bool is_add;address dhcp_server;address dhcp_src_address
M	dhcp_proxy_config_reply	e8d4e804	dhcp	ffff	u32 context;i32 retval
M	dhcp_proxy_details	dcbaf540	dhcp	ffff	u32 context;u32 rx_vrf_id;u32 vss_oui;u32 vss_fib_id;vss_type vss_type;bool is_ipv6;string vss_vpn_ascii_id[129];address dhcp_src_address;u8 count;dhcp_server servers[@count]
M	dhcp_proxy_dump	5c5b063f	dhcp	ffff	u32 client_index;u32 context;bool is_ip6
M	dhcp_proxy_set_vss	50537301	dhcp	ffff	u32 client_index;u32 context;u32 tbl_id;vss_type vss_type;string vpn_ascii_id[129];u32 oui;u32 vpn_index;bool is_ipv6;bool is_add
M	dhcp_proxy_set_vss_reply	e8d4e804	dhcp	ffff	u32 context;i32 retval
M	dns_enable_disable	8050327d	dns	ffff	u32 client_index;u32 context;u8 enable
M	dns_enable_disable_reply	e8d4e804	dns	ffff	u32 context;i32 retval
M	dns_name_server_add_del	3bb05d8c	dns	ffff	u32 client_index;u32 context;u8 is_ip6;u8 is_add;u8 server_address[16]
M	dns_name_server_add_del_reply	e8d4e804	dns	ffff	u32 context;i32 retval
M	dns_resolve_ip	ae96a1a3	dns	ffff	u32 client_index;u32 context;u8 is_ip6;u8 address[16]
M	dns_resolve_ip_reply	49ed78d6	dns	ffff	u32 context;i32 retval;u8 name[256]
M	dns_resolve_name	c6566676	dns	ffff	u32 client_index;u32 context;u8 name[256]
M	dns_resolve_name_reply	c2d758c3	dns	ffff	u32 context;i32 retval;u8 ip4_set;u8 ip6_set;u8 ip4_address[4];u8 ip6_address[16]
M	dslite_add_del_pool_addr_range	de2a5b02	dslite	ffff	u32 client_index;u32 context;ip4_address start_addr;ip4_address end_addr;bool is_add
M	dslite_add_del_pool_addr_range_reply	e8d4e804	dslite	ffff	u32 context;i32 retval
M	dslite_address_details	ec26d648	dslite	ffff	u32 context;ip4_address ip_address
M	dslite_address_dump	51077d14	dslite	ffff	u32 client_index;u32 context
M	dslite_get_aftr_addr	51077d14	dslite	ffff	u32 client_index;u32 context
M	dslite_get_aftr_addr_reply	8e23608e	dslite	ffff	u32 context;i32 retval;ip4_address ip4_addr;ip6_address ip6_addr
M	dslite_get_b4_addr	51077d14	dslite	ffff	u32 client_index;u32 context
M	dslite_get_b4_addr_reply	8e23608e	dslite	ffff	u32 context;i32 retval;ip4_address ip4_addr;ip6_address ip6_addr
M	dslite_set_aftr_addr	78b50fdf	dslite	ffff	u32 client_index;u32 context;ip4_address ip4_addr;ip6_address ip6_addr
M	dslite_set_aftr_addr_reply	e8d4e804	dslite	ffff	u32 context;i32 retval
M	dslite_set_b4_addr	78b50fdf	dslite	ffff	u32 client_index;u32 context;ip4_address ip4_addr;ip6_address ip6_addr
M	dslite_set_b4_addr_reply	e8d4e804	dslite	ffff	u32 context;i32 retval
M	feature_cnat_enable_disable	5501adee	cnat	8000	u32 client_index;u32 context;interface_index sw_if_index;bool enable_disable
M	feature_cnat_enable_disable_reply	e8d4e804	cnat	8000	u32 context;i32 retval
M	feature_enable_disable	7531c862	feature	ffff	u32 client_index;u32 context;interface_index sw_if_index;bool enable;string arc_name[64];string feature_name[64]
M	feature_enable_disable_reply	e8d4e804	feature	ffff	u32 context;i32 retval
M	feature_gso_enable_disable	5501adee	gso	ffff	u32 client_index;u32 context;interface_index sw_if_index;bool enable_disable
M	feature_gso_enable_disable_reply	e8d4e804	gso	ffff	u32 context;i32 retval
M	feature_is_enabled	55db09e2	feature	f000	u32 client_index;u32 context;string arc_name[64];string feature_name[64];interface_index sw_if_index
M	feature_is_enabled_reply	03f284b5	feature	f000	u32 client_index;u32 context;i32 retval;bool is_enabled
M	fib_source_add	b3ac2aec	fib	ffff	u32 client_index;u32 context;fib_source src
M	fib_source_add_reply	604fd6f1	fib	ffff	u32 context;i32 retval;u8 id
M	fib_source_details	8668acdb	fib	ffff	u32 context;fib_source src
M	fib_source_dump	51077d14	fib	ffff	u32 client_index;u32 context
M	flow_add	f946ed84	flow	ffff	u32 client_index;u32 context;flow_rule flow
M	flow_add_reply	8587dc85	flow	ffff	u32 context;i32 retval;u32 flow_index
M	flow_add_v2	5b757558	flow	fff8	u32 client_index;u32 context;flow_rule_v2 flow
M	flow_add_v2_reply	8587dc85	flow	fff8	u32 context;i32 retval;u32 flow_index
M	flow_classify_details	dfd08765	classify	ffff	u32 context;interface_index sw_if_index;u32 table_index
M	flow_classify_dump	8a6ad43d	classify	7	u32 client_index;u32 context;flow_classify_table type;interface_index sw_if_index
M	flow_classify_dump	25dd3e4c	classify	fff8	u32 client_index;u32 context;flow_classify_table type;interface_index sw_if_index
M	flow_classify_set_interface	b6192f1c	classify	ffff	u32 client_index;u32 context;interface_index sw_if_index;u32 ip4_table_index;u32 ip6_table_index;bool is_add
M	flow_classify_set_interface_reply	e8d4e804	classify	ffff	u32 context;i32 retval
M	flow_del	b6b9b02c	flow	ffff	u32 client_index;u32 context;u32 flow_index
M	flow_del_reply	e8d4e804	flow	ffff	u32 context;i32 retval
M	flow_disable	2024be69	flow	ffff	u32 client_index;u32 context;u32 flow_index;u32 hw_if_index
M	flow_disable_reply	e8d4e804	flow	ffff	u32 context;i32 retval
M	flow_enable	2024be69	flow	ffff	u32 client_index;u32 context;u32 flow_index;u32 hw_if_index
M	flow_enable_reply	e8d4e804	flow	ffff	u32 context;i32 retval
M	flowprobe_get_params	51077d14	flowprobe	fff8	u32 client_index;u32 context
M	flowprobe_get_params_reply	f350d621	flowprobe	fff8	u32 context;i32 retval;flowprobe_record_flags record_flags;u32 active_timer;u32 passive_timer
M	flowprobe_interface_add_del	3420739c	flowprobe	fff8	u32 client_index;u32 context;bool is_add;flowprobe_which which;flowprobe_direction direction;interface_index sw_if_index
M	flowprobe_interface_add_del_reply	e8d4e804	flowprobe	fff8	u32 context;i32 retval
M	flowprobe_interface_details	427d77e0	flowprobe	fff8	u32 context;flowprobe_which which;flowprobe_direction direction;interface_index sw_if_index
M	flowprobe_interface_dump	f9e6675e	flowprobe	fff8	u32 client_index;u32 context;interface_index sw_if_index=4294967295
M	flowprobe_params	baa46c09	flowprobe	ffff	u32 client_index;u32 context;flowprobe_record_flags record_flags;u32 active_timer;u32 passive_timer
M	flowprobe_params_reply	e8d4e804	flowprobe	ffff	u32 context;i32 retval
M	flowprobe_set_params	baa46c09	flowprobe	fff8	u32 client_index;u32 context;flowprobe_record_flags record_flags;u32 active_timer=4294967295;u32 passive_timer=4294967295
M	flowprobe_set_params_reply	e8d4e804	flowprobe	fff8	u32 context;i32 retval
M	flowprobe_tx_interface_add_del	b782c976	flowprobe	ffff	u32 client_index;u32 context;bool is_add;flowprobe_which_flags which;interface_index sw_if_index
M	flowprobe_tx_interface_add_del_reply	e8d4e804	flowprobe	ffff	u32 context;i32 retval
M	gbp_bridge_domain_add	918e8c01	gbp	3	u32 client_index;u32 context;gbp_bridge_domain bd
M	gbp_bridge_domain_add_reply	e8d4e804	gbp	3	u32 context;i32 retval
M	gbp_bridge_domain_del	c25fdce6	gbp	3	u32 client_index;u32 context;u32 bd_id
M	gbp_bridge_domain_del_reply	e8d4e804	gbp	3	u32 context;i32 retval
M	gbp_bridge_domain_details	51d51be9	gbp	3	u32 context;gbp_bridge_domain bd
M	gbp_bridge_domain_dump	51077d14	gbp	3	u32 client_index;u32 context
M	gbp_bridge_domain_dump_reply	e8d4e804	gbp	3	u32 context;i32 retval
M	gbp_contract_add_del	aa8d652d	gbp	3	u32 client_index;u32 context;bool is_add;gbp_contract contract
M	gbp_contract_add_del_reply	1992deab	gbp	3	u32 context;i32 retval;u32 stats_index
M	gbp_contract_details	65dec325	gbp	3	u32 context;gbp_contract contract
M	gbp_contract_dump	51077d14	gbp	3	u32 client_index;u32 context
M	gbp_endpoint_add	7b3af7de	gbp	3	u32 client_index;u32 context;gbp_endpoint endpoint
M	gbp_endpoint_add_reply	1dd3ff3e	gbp	3	u32 context;i32 retval;u32 handle
M	gbp_endpoint_del	b93cd566	gbp	3	u32 client_index;u32 context;u32 handle
M	gbp_endpoint_del_reply	e8d4e804	gbp	3	u32 context;i32 retval
M	gbp_endpoint_details	8dd8fbd3	gbp	3	u32 context;f64 age;u32 handle;gbp_endpoint endpoint
M	gbp_endpoint_dump	51077d14	gbp	3	u32 client_index;u32 context
M	gbp_endpoint_group_add	301ddf15	gbp	3	u32 client_index;u32 context;gbp_endpoint_group epg
M	gbp_endpoint_group_add_reply	e8d4e804	gbp	3	u32 context;i32 retval
M	gbp_endpoint_group_del	3436b8b7	gbp	3	u32 client_index;u32 context;u16 sclass
M	gbp_endpoint_group_del_reply	e8d4e804	gbp	3	u32 context;i32 retval
M	gbp_endpoint_group_details	ab71d723	gbp	3	u32 context;gbp_endpoint_group epg
M	gbp_endpoint_group_dump	51077d14	gbp	3	u32 client_index;u32 context
M	gbp_ext_itf_add_del	7606d0e1	gbp	3	u32 client_index;u32 context;bool is_add;gbp_ext_itf ext_itf
M	gbp_ext_itf_add_del_reply	e8d4e804	gbp	3	u32 context;i32 retval
M	gbp_ext_itf_details	519c3d3c	gbp	3	u32 context;gbp_ext_itf ext_itf
M	gbp_ext_itf_dump	51077d14	gbp	3	u32 client_index;u32 context
M	gbp_recirc_add_del	718c69c3	gbp	3	u32 client_index;u32 context;bool is_add;gbp_recirc recirc
M	gbp_recirc_add_del_reply	e8d4e804	gbp	3	u32 context;i32 retval
M	gbp_recirc_details	66ecc42e	gbp	3	u32 context;gbp_recirc recirc
M	gbp_recirc_dump	51077d14	gbp	3	u32 client_index;u32 context
M	gbp_route_domain_add	204c79e1	gbp	3	u32 client_index;u32 context;gbp_route_domain rd
M	gbp_route_domain_add_reply	e8d4e804	gbp	3	u32 context;i32 retval
M	gbp_route_domain_del	bee4edcd	gbp	3	u32 client_index;u32 context;u32 rd_id
M	gbp_route_domain_del_reply	e8d4e804	gbp	3	u32 context;i32 retval
M	gbp_route_domain_details	a78bfbca	gbp	3	u32 context;gbp_route_domain rd
M	gbp_route_domain_dump	51077d14	gbp	3	u32 client_index;u32 context
M	gbp_route_domain_dump_reply	e8d4e804	gbp	3	u32 context;i32 retval
M	gbp_subnet_add_del	a8803c80	gbp	3	u32 client_index;u32 context;bool is_add;gbp_subnet subnet
M	gbp_subnet_add_del_reply	e8d4e804	gbp	3	u32 context;i32 retval
M	gbp_subnet_details	cbc5ca18	gbp	3	u32 context;gbp_subnet subnet
M	gbp_subnet_dump	51077d14	gbp	3	u32 client_index;u32 context
M	gbp_vxlan_tunnel_add	3e070b35	gbp	3	u32 client_index;u32 context;gbp_vxlan_tunnel tunnel
M	gbp_vxlan_tunnel_add_reply	5383d31f	gbp	3	u32 context;i32 retval;interface_index sw_if_index
M	gbp_vxlan_tunnel_del	8d1f2fe9	gbp	3	u32 client_index;u32 context;u32 vni
M	gbp_vxlan_tunnel_del_reply	e8d4e804	gbp	3	u32 context;i32 retval
M	gbp_vxlan_tunnel_details	65c6c818	gbp	3	u32 context;gbp_vxlan_tunnel tunnel
M	gbp_vxlan_tunnel_dump	51077d14	gbp	3	u32 client_index;u32 context
M	geneve_add_del_tunnel	99445831	geneve	ffff	u32 client_index;u32 context;bool is_add;address local_address;address remote_address;interface_index mcast_sw_if_index;u32 encap_vrf_id;u32 decap_next_index;u32 vni
M	geneve_add_del_tunnel2	8c2a9999	geneve	ffff	u32 client_index;u32 context;bool is_add;address local_address;address remote_address;interface_index mcast_sw_if_index;u32 encap_vrf_id;u32 decap_next_index;u32 vni;bool l3_mode
M	geneve_add_del_tunnel2_reply	5383d31f	geneve	ffff	u32 context;i32 retval;interface_index sw_if_index
M	geneve_add_del_tunnel_reply	5383d31f	geneve	ffff	u32 context;i32 retval;interface_index sw_if_index
M	geneve_tunnel_details	6b16eb24	geneve	ffff	u32 context;interface_index sw_if_index;address src_address;address dst_address;interface_index mcast_sw_if_index;u32 encap_vrf_id;u32 decap_next_index;u32 vni
M	geneve_tunnel_dump	f9e6675e	geneve	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	get_api_json	51077d14	memclnt	fe00	u32 client_index;u32 context
M	get_api_json_reply	ea715b59	memclnt	fe00	u32 context;i32 retval;string json[]
M	get_f64_endian_value	809fcd44	vlib	ffff	u32 client_index;u32 context;f64 f64_one=1
M	get_f64_endian_value_reply	7e02e404	vlib	ffff	u32 context;u32 retval;f64 f64_one_result
M	get_f64_increment_by_one	b64f027e	vlib	ffff	u32 client_index;u32 context;f64 f64_value=1
M	get_f64_increment_by_one_reply	d25dbaa3	vlib	ffff	u32 context;u32 retval;f64 f64_value
M	get_first_msg_id	ebf79a66	memclnt	ffff	u32 client_index;u32 context;string name[64]
M	get_first_msg_id_reply	7d337472	memclnt	ffff	u32 context;i32 retval;u16 first_msg_id
M	get_next_index	2457116d	vlib	ffff	u32 client_index;u32 context;string node_name[64];string next_name[64]
M	get_next_index_reply	2ed75f32	vlib	ffff	u32 context;i32 retval;u32 next_index
M	get_node_graph	51077d14	vlib	ffff	u32 client_index;u32 context
M	get_node_graph_reply	06d68297	vlib	ffff	u32 context;i32 retval;u64 reply_in_shmem
M	get_node_index	f1984c64	vlib	ffff	u32 client_index;u32 context;string node_name[64]
M	get_node_index_reply	a8600b89	vlib	ffff	u32 context;i32 retval;u32 node_index
M	gpe_add_del_fwd_entry	f0847644	lisp_gpe	ffff	u32 client_index;u32 context;bool is_add=1;eid rmt_eid;eid lcl_eid;u32 vni;u32 dp_table;u8 action;u32 loc_num;gpe_locator locs[@loc_num]
M	gpe_add_del_fwd_entry_reply	efe5f176	lisp_gpe	ffff	u32 context;i32 retval;u32 fwd_entry_index
M	gpe_add_del_iface	3ccff273	lisp_gpe	ffff	u32 client_index;u32 context;bool is_add=1;bool is_l2;u32 dp_table;u32 vni
M	gpe_add_del_iface_reply	e8d4e804	lisp_gpe	ffff	u32 context;i32 retval
M	gpe_add_del_native_fwd_rpath	43fc8b54	lisp_gpe	ffff	u32 client_index;u32 context;bool is_add=1;u32 table_id;interface_index nh_sw_if_index;address nh_addr
M	gpe_add_del_native_fwd_rpath_reply	e8d4e804	lisp_gpe	ffff	u32 context;i32 retval
M	gpe_enable_disable	c264d7bf	lisp_gpe	ffff	u32 client_index;u32 context;bool is_enable=1
M	gpe_enable_disable_reply	e8d4e804	lisp_gpe	ffff	u32 context;i32 retval
M	gpe_fwd_entries_get	8d1f2fe9	lisp_gpe	ffff	u32 client_index;u32 context;u32 vni
M	gpe_fwd_entries_get_reply	c4844876	lisp_gpe	ffff	u32 context;i32 retval;u32 count;gpe_fwd_entry entries[@count]
M	gpe_fwd_entry_path_details	483df51a	lisp_gpe	ffff	u32 context;gpe_locator lcl_loc;gpe_locator rmt_loc
M	gpe_fwd_entry_path_dump	39bce980	lisp_gpe	ffff	u32 client_index;u32 context;u32 fwd_entry_index
M	gpe_fwd_entry_vnis_get	51077d14	lisp_gpe	ffff	u32 client_index;u32 context
M	gpe_fwd_entry_vnis_get_reply	aa70da20	lisp_gpe	ffff	u32 context;i32 retval;u32 count;u32 vnis[@count]
M	gpe_get_encap_mode	51077d14	lisp_gpe	ffff	u32 client_index;u32 context
M	gpe_get_encap_mode_reply	36e3f7ca	lisp_gpe	ffff	u32 context;i32 retval;u8 encap_mode
M	gpe_native_fwd_rpaths_get	f652ceb4	lisp_gpe	ffff	u32 client_index;u32 context;bool is_ip4
M	gpe_native_fwd_rpaths_get_reply	7a1ca5a2	lisp_gpe	ffff	u32 context;i32 retval;u32 count;gpe_native_fwd_rpath entries[@count]
M	gpe_set_encap_mode	bd819eac	lisp_gpe	ffff	u32 client_index;u32 context;bool is_vxlan
M	gpe_set_encap_mode_reply	e8d4e804	lisp_gpe	ffff	u32 context;i32 retval
M	graph_node_details	ac762018	graph	ffff	u32 context;u32 index;string name[64];node_flag flags;u32 n_arcs;u32 arcs_out[@n_arcs]
M	graph_node_get	39c8792e	graph	ffff	u32 client_index;u32 context;u32 cursor;u32 index;string name[64];node_flag flags;bool want_arcs
M	graph_node_get_reply	53b48f5d	graph	ffff	u32 context;i32 retval;u32 cursor
M	gre_tunnel_add_del	a27d7f17	gre	ffff	u32 client_index;u32 context;bool is_add;gre_tunnel tunnel
M	gre_tunnel_add_del_reply	5383d31f	gre	ffff	u32 context;i32 retval;interface_index sw_if_index
M	gre_tunnel_add_del_v2	7d9576de	gre	e000	u32 client_index;u32 context;bool is_add;gre_tunnel_v2 tunnel
M	gre_tunnel_add_del_v2_reply	5383d31f	gre	e000	u32 context;i32 retval;interface_index sw_if_index
M	gre_tunnel_details	24435433	gre	ffff	u32 context;gre_tunnel tunnel
M	gre_tunnel_details_v2	65521177	gre	e000	u32 context;gre_tunnel_v2 tunnel
M	gre_tunnel_dump	f9e6675e	gre	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	gre_tunnel_dump_reply	e8d4e804	gre	e000	u32 context;i32 retval
M	gre_tunnel_dump_v2	f9e6675e	gre	e000	u32 client_index;u32 context;interface_index sw_if_index
M	gre_tunnel_dump_v2_reply	e8d4e804	gre	e000	u32 context;i32 retval
M	gre_tunnel_v2_details	65521177	gre	8000	u32 context;gre_tunnel_v2 tunnel
M	gre_tunnel_v2_dump	f9e6675e	gre	8000	u32 client_index;u32 context;interface_index sw_if_index
M	gre_tunnel_v2_dump_reply	e8d4e804	gre	8000	u32 context;i32 retval
M	gtpu_add_del_forward	c6ccce13	gtpu	ff00	u32 client_index;u32 context;bool is_add;address dst_address;gtpu_forwarding_type forwarding_type;u32 encap_vrf_id;gtpu_decap_next_type decap_next_index
M	gtpu_add_del_forward_reply	5383d31f	gtpu	ff00	u32 context;i32 retval;interface_index sw_if_index
M	gtpu_add_del_tunnel	ca983a2b	gtpu	ffff	u32 client_index;u32 context;bool is_add;address src_address;address dst_address;interface_index mcast_sw_if_index;u32 encap_vrf_id;u32 decap_next_index;u32 teid;u32 tteid
M	gtpu_add_del_tunnel_reply	5383d31f	gtpu	ffff	u32 context;i32 retval;interface_index sw_if_index
M	gtpu_add_del_tunnel_v2	a0c30713	gtpu	ff00	u32 client_index;u32 context;bool is_add;address src_address;address dst_address;interface_index mcast_sw_if_index;u32 encap_vrf_id;gtpu_decap_next_type decap_next_index;u32 teid;u32 tteid;bool pdu_extension;u8 qfi
M	gtpu_add_del_tunnel_v2_reply	62b41304	gtpu	ff00	u32 context;i32 retval;interface_index sw_if_index;sw_if_counters counters
M	gtpu_get_transfer_counts	61410788	gtpu	ff00	u32 client_index;u32 context;interface_index sw_if_index_start;u32 capacity
M	gtpu_get_transfer_counts_reply	e35f04bc	gtpu	ff00	u32 context;i32 retval;u32 count;tunnel_metrics tunnels[@count]
M	gtpu_offload_rx	f0b08786	gtpu	ffff	u32 client_index;u32 context;u32 hw_if_index;u32 sw_if_index;u8 enable
M	gtpu_offload_rx_reply	e8d4e804	gtpu	ffff	u32 context;i32 retval
M	gtpu_tunnel_details	27f434ae	gtpu	ffff	u32 context;interface_index sw_if_index;address src_address;address dst_address;interface_index mcast_sw_if_index;u32 encap_vrf_id;u32 decap_next_index;u32 teid;u32 tteid
M	gtpu_tunnel_dump	f9e6675e	gtpu	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	gtpu_tunnel_update_tteid	79f33816	gtpu	ffff	u32 client_index;u32 context;address dst_address;u32 encap_vrf_id;u32 teid;u32 tteid
M	gtpu_tunnel_update_tteid_reply	e8d4e804	gtpu	ffff	u32 context;i32 retval
M	gtpu_tunnel_v2_details	8bf4ba92	gtpu	ff00	u32 context;interface_index sw_if_index;address src_address;address dst_address;interface_index mcast_sw_if_index;u32 encap_vrf_id;gtpu_decap_next_type decap_next_index;u32 teid;u32 tteid;bool pdu_extension;u8 qfi;bool is_forwarding;gtpu_forwarding_type forwarding_type;sw_if_counters counters
M	gtpu_tunnel_v2_dump	f9e6675e	gtpu	ff00	u32 client_index;u32 context;interface_index sw_if_index
M	http_static_enable	075f8292	http_static	7ff	u32 client_index;u32 context;u32 fifo_size;u32 cache_size_limit;u32 prealloc_fifos;u32 private_segment_size;string www_root[256];string uri[256]
M	http_static_enable_reply	e8d4e804	http_static	7ff	u32 context;i32 retval
M	http_static_enable_v2	3ee5f1f6	http_static	c00	u32 client_index;u32 context;u32 fifo_size;u32 cache_size_limit;u32 max_age=600;u32 prealloc_fifos;u32 private_segment_size;string www_root[256];string uri[256]
M	http_static_enable_v2_reply	e8d4e804	http_static	c00	u32 context;i32 retval
M	http_static_enable_v3	8bf35be3	http_static	800	u32 client_index;u32 context;u32 fifo_size;u32 cache_size_limit;u32 max_age=600;u32 keepalive_timeout=60;u32 prealloc_fifos;u32 private_segment_size;string www_root[256];string uri[256]
M	http_static_enable_v3_reply	e8d4e804	http_static	800	u32 context;i32 retval
M	http_static_enable_v4	37540bfc	http_static	f000	u32 client_index;u32 context;u32 fifo_size;u32 cache_size_limit;u32 max_age=600;u32 keepalive_timeout=60;u64 max_body_size=8000;u32 prealloc_fifos;u32 private_segment_size;string www_root[256];string uri[256]
M	http_static_enable_v4_reply	e8d4e804	http_static	f000	u32 context;i32 retval
M	http_static_enable_v5	8bf84069	http_static	f000	u32 client_index;u32 context;u32 fifo_size;u32 cache_size_limit;u32 max_age=600;u32 keepalive_timeout=60;u64 max_body_size=8192;u32 rx_buff_thresh=1048576;u32 prealloc_fifos;u32 private_segment_size;string www_root[256];string uri[256]
M	http_static_enable_v5_reply	e8d4e804	http_static	f000	u32 context;i32 retval
M	hw_interface_set_mtu	e6746899	interface	ffff	u32 client_index;u32 context;interface_index sw_if_index;u16 mtu
M	hw_interface_set_mtu_reply	e8d4e804	interface	ffff	u32 context;i32 retval
M	idpf_create	2ba86d91	idpf	ff80	u32 client_index;u32 context;u32 pci_addr;u16 rxq_single;u16 txq_single;u16 rxq_num;u16 txq_num;u16 rxq_size;u16 txq_size;u16 req_vport_nb
M	idpf_create_reply	5383d31f	idpf	ff80	u32 context;i32 retval;interface_index sw_if_index
M	idpf_delete	f9e6675e	idpf	ff80	u32 client_index;u32 context;interface_index sw_if_index
M	idpf_delete_reply	e8d4e804	idpf	ff80	u32 context;i32 retval
M	igmp_clear_interface	f9e6675e	igmp	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	igmp_clear_interface_reply	e8d4e804	igmp	ffff	u32 context;i32 retval
M	igmp_details	38f09929	igmp	ffff	u32 context;interface_index sw_if_index;ip4_address saddr;ip4_address gaddr
M	igmp_dump	f9e6675e	igmp	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	igmp_enable_disable	b1edfb96	igmp	ffff	u32 client_index;u32 context;bool enable;u8 mode;interface_index sw_if_index
M	igmp_enable_disable_reply	e8d4e804	igmp	ffff	u32 context;i32 retval
M	igmp_event	85fe93ec	igmp	ffff	interface_index sw_if_index;filter_mode filter;ip4_address saddr;ip4_address gaddr
M	igmp_group_prefix_details	259ccd81	igmp	ffff	u32 context;group_prefix gp
M	igmp_group_prefix_dump	51077d14	igmp	ffff	u32 client_index;u32 context
M	igmp_group_prefix_set	5b14a5ce	igmp	ffff	u32 client_index;u32 context;group_prefix gp
M	igmp_group_prefix_set_reply	e8d4e804	igmp	ffff	u32 context;i32 retval
M	igmp_listen	19a49f1e	igmp	ffff	u32 client_index;u32 context;igmp_group group
M	igmp_listen_reply	e8d4e804	igmp	ffff	u32 context;i32 retval
M	igmp_proxy_device_add_del	0b9be9ce	igmp	ffff	u32 client_index;u32 context;u8 add;u32 vrf_id;interface_index sw_if_index
M	igmp_proxy_device_add_del_interface	1a9ec24a	igmp	ffff	u32 client_index;u32 context;bool add;u32 vrf_id;interface_index sw_if_index
M	igmp_proxy_device_add_del_interface_reply	e8d4e804	igmp	ffff	u32 context;i32 retval
M	igmp_proxy_device_add_del_reply	e8d4e804	igmp	ffff	u32 context;i32 retval
M	ikev2_child_sa_details	ff67741f	ikev2	ffff	u32 context;i32 retval;ikev2_child_sa child_sa
M	ikev2_child_sa_dump	01eab609	ikev2	ffff	u32 client_index;u32 context;u32 sa_index
M	ikev2_child_sa_v2_details	1db62aa2	ikev2	fe00	u32 context;i32 retval;ikev2_child_sa_v2 child_sa
M	ikev2_child_sa_v2_dump	01eab609	ikev2	fe00	u32 client_index;u32 context;u32 sa_index
M	ikev2_get_sleep_interval	51077d14	ikev2	f800	u32 client_index;u32 context
M	ikev2_get_sleep_interval_reply	78ab91dc	ikev2	f800	u32 context;i32 retval;f64 sleep_interval
M	ikev2_initiate_del_child_sa	7f004d2e	ikev2	ffff	u32 client_index;u32 context;u32 ispi
M	ikev2_initiate_del_child_sa_reply	e8d4e804	ikev2	ffff	u32 context;i32 retval
M	ikev2_initiate_del_ike_sa	8d125bdd	ikev2	ffff	u32 client_index;u32 context;u64 ispi
M	ikev2_initiate_del_ike_sa_reply	e8d4e804	ikev2	ffff	u32 context;i32 retval
M	ikev2_initiate_rekey_child_sa	7f004d2e	ikev2	ffff	u32 client_index;u32 context;u32 ispi
M	ikev2_initiate_rekey_child_sa_reply	e8d4e804	ikev2	ffff	u32 context;i32 retval
M	ikev2_initiate_sa_init	ebf79a66	ikev2	ffff	u32 client_index;u32 context;string name[64]
M	ikev2_initiate_sa_init_reply	e8d4e804	ikev2	ffff	u32 context;i32 retval
M	ikev2_nonce_get	7fe9ad51	ikev2	ffff	u32 client_index;u32 context;bool is_initiator;u32 sa_index
M	ikev2_nonce_get_reply	1b37a342	ikev2	ffff	u32 context;i32 retval;u32 data_len;u8 nonce[@data_len]
M	ikev2_plugin_get_version	51077d14	ikev2	ffff	u32 client_index;u32 context
M	ikev2_plugin_get_version_reply	9b32cf86	ikev2	ffff	u32 context;u32 major;u32 minor
M	ikev2_plugin_set_sleep_interval	b7c096ae	ikev2	f800	u32 client_index;u32 context;f64 timeout
M	ikev2_plugin_set_sleep_interval_reply	e8d4e804	ikev2	f800	u32 context;i32 retval
M	ikev2_profile_add_del	2c925b55	ikev2	ffff	u32 client_index;u32 context;string name[64];bool is_add
M	ikev2_profile_add_del_reply	e8d4e804	ikev2	ffff	u32 context;i32 retval
M	ikev2_profile_details	670d01d9	ikev2	7fff	u32 context;ikev2_profile profile
M	ikev2_profile_details	3e3e895b	ikev2	8000	u32 context;ikev2_profile~2 profile
M	ikev2_profile_disable_natt	ebf79a66	ikev2	ffff	u32 client_index;u32 context;string name[64]
M	ikev2_profile_disable_natt_reply	e8d4e804	ikev2	ffff	u32 context;i32 retval
M	ikev2_profile_dump	51077d14	ikev2	ffff	u32 client_index;u32 context
M	ikev2_profile_set_auth	642c97cd	ikev2	ffff	u32 client_index;u32 context;string name[64];u8 auth_method;bool is_hex;u32 data_len;u8 data[@data_len]
M	ikev2_profile_set_auth_reply	e8d4e804	ikev2	ffff	u32 context;i32 retval
M	ikev2_profile_set_id	4d7e2418	ikev2	ffff	u32 client_index;u32 context;string name[64];bool is_local;u8 id_type;u32 data_len;u8 data[@data_len]
M	ikev2_profile_set_id_reply	e8d4e804	ikev2	ffff	u32 context;i32 retval
M	ikev2_profile_set_ipsec_udp_port	615ce758	ikev2	ffff	u32 client_index;u32 context;u8 is_set;u16 port;string name[64]
M	ikev2_profile_set_ipsec_udp_port_reply	e8d4e804	ikev2	ffff	u32 context;i32 retval
M	ikev2_profile_set_liveness	6bdf4d65	ikev2	ffff	u32 client_index;u32 context;u32 period;u32 max_retries
M	ikev2_profile_set_liveness_reply	e8d4e804	ikev2	ffff	u32 context;i32 retval
M	ikev2_profile_set_ts	8eb8cfd1	ikev2	ffff	u32 client_index;u32 context;string name[64];ikev2_ts ts
M	ikev2_profile_set_ts_reply	e8d4e804	ikev2	ffff	u32 context;i32 retval
M	ikev2_profile_set_udp_encap	ebf79a66	ikev2	ffff	u32 client_index;u32 context;string name[64]
M	ikev2_profile_set_udp_encap_reply	e8d4e804	ikev2	ffff	u32 context;i32 retval
M	ikev2_sa_details	937c22d5	ikev2	ffff	u32 context;i32 retval;ikev2_sa sa
M	ikev2_sa_dump	51077d14	ikev2	ffff	u32 client_index;u32 context
M	ikev2_sa_v2_details	a616e604	ikev2	fe00	u32 context;i32 retval;ikev2_sa_v2 sa
M	ikev2_sa_v2_dump	51077d14	ikev2	fe00	u32 client_index;u32 context
M	ikev2_sa_v3_details	85c9a941	ikev2	fe00	u32 context;i32 retval;ikev2_sa_v3 sa
M	ikev2_sa_v3_dump	51077d14	ikev2	fe00	u32 client_index;u32 context
M	ikev2_set_esp_transforms	a63dc205	ikev2	ffff	u32 client_index;u32 context;string name[64];ikev2_esp_transforms tr
M	ikev2_set_esp_transforms_reply	e8d4e804	ikev2	ffff	u32 context;i32 retval
M	ikev2_set_ike_transforms	076d7378	ikev2	7fff	u32 client_index;u32 context;string name[64];ikev2_ike_transforms tr
M	ikev2_set_ike_transforms	aa99fec0	ikev2	8000	u32 client_index;u32 context;string name[64];ikev2_ike_transforms~2 tr
M	ikev2_set_ike_transforms_reply	e8d4e804	ikev2	ffff	u32 context;i32 retval
M	ikev2_set_local_key	799b69ec	ikev2	ffff	u32 client_index;u32 context;string key_file[256]
M	ikev2_set_local_key_reply	e8d4e804	ikev2	ffff	u32 context;i32 retval
M	ikev2_set_responder	a2055df1	ikev2	ffff	u32 client_index;u32 context;string name[64];ikev2_responder responder
M	ikev2_set_responder_hostname	350d6949	ikev2	ffff	u32 client_index;u32 context;string name[64];string hostname[64];interface_index sw_if_index
M	ikev2_set_responder_hostname_reply	e8d4e804	ikev2	ffff	u32 context;i32 retval
M	ikev2_set_responder_reply	e8d4e804	ikev2	ffff	u32 context;i32 retval
M	ikev2_set_sa_lifetime	7039feaa	ikev2	ffff	u32 client_index;u32 context;string name[64];u64 lifetime;u32 lifetime_jitter;u32 handover;u64 lifetime_maxdata
M	ikev2_set_sa_lifetime_reply	e8d4e804	ikev2	ffff	u32 context;i32 retval
M	ikev2_set_tunnel_interface	ca67182c	ikev2	ffff	u32 client_index;u32 context;string name[64];interface_index sw_if_index
M	ikev2_set_tunnel_interface_reply	e8d4e804	ikev2	ffff	u32 context;i32 retval
M	ikev2_traffic_selector_details	518cb06f	ikev2	ffff	u32 context;i32 retval;ikev2_ts ts
M	ikev2_traffic_selector_dump	a7385e33	ikev2	ffff	u32 client_index;u32 context;bool is_initiator;u32 sa_index;u32 child_sa_index
M	input_acl_set_interface	de7ad708	classify	ffff	u32 client_index;u32 context;interface_index sw_if_index;u32 ip4_table_index;u32 ip6_table_index;u32 l2_table_index;bool is_add
M	input_acl_set_interface_reply	e8d4e804	classify	ffff	u32 context;i32 retval
M	interface_name_renumber	2b8858b8	interface	ffff	u32 client_index;u32 context;interface_index sw_if_index;u32 new_show_dev_instance
M	interface_name_renumber_reply	e8d4e804	interface	ffff	u32 context;i32 retval
M	ioam_cache_ip6_enable_disable	47705c03	ioam_cache	ffff	u32 client_index;u32 context;bool is_disable
M	ioam_cache_ip6_enable_disable_reply	e8d4e804	ioam_cache	ffff	u32 context;i32 retval
M	ioam_disable	6b16a45e	ip	ffff	u32 client_index;u32 context;u16 id
M	ioam_disable_reply	e8d4e804	ip	ffff	u32 context;i32 retval
M	ioam_enable	51ccd868	ip	ffff	u32 client_index;u32 context;u16 id;bool seqno;bool analyse;bool pot_enable;bool trace_enable;u32 node_id
M	ioam_enable_reply	e8d4e804	ip	ffff	u32 context;i32 retval
M	ioam_export_ip6_enable_disable	d4c76d3a	ioam_export	ffff	u32 client_index;u32 context;bool is_disable;ip4_address collector_address;ip4_address src_address
M	ioam_export_ip6_enable_disable_reply	e8d4e804	ioam_export	ffff	u32 context;i32 retval
M	ip6_add_del_address_using_prefix	3982f30a	dhcp6_pd_client_cp	ffff	u32 client_index;u32 context;interface_index sw_if_index;string prefix_group[64];ip6_address_with_prefix address_with_prefix;bool is_add
M	ip6_add_del_address_using_prefix_reply	e8d4e804	dhcp6_pd_client_cp	ffff	u32 context;i32 retval
M	ip6_dad_details	f6971ec4	ip6_dad	8000	u32 context;bool enabled;u8 dad_transmits;f64 dad_retransmit_delay
M	ip6_dad_dump	51077d14	ip6_dad	8000	u32 client_index;u32 context
M	ip6_dad_enable_disable	557ed29b	ip6_dad	8000	u32 client_index;u32 context;bool enable=1;u8 dad_transmits=1;f64 dad_retransmit_delay=1
M	ip6_dad_enable_disable_reply	e8d4e804	ip6_dad	8000	u32 context;i32 retval
M	ip6_dad_event	d6037980	ip6_dad	8000	u32 client_index;u32 pid;ip6_dad_state state;interface_index sw_if_index;ip6_address address;u8 dad_count;u8 dad_transmits
M	ip6_nd_address_autoconfig	9e14a4a7	rd_cp	ffff	u32 client_index;u32 context;interface_index sw_if_index;bool enable;bool install_default_routes
M	ip6_nd_address_autoconfig_reply	e8d4e804	rd_cp	ffff	u32 context;i32 retval
M	ip6_ra_event	0364c1c5	ip6_nd	ffff	u32 client_index;u32 pid;interface_index sw_if_index;ip6_address router_addr;u8 current_hop_limit;u8 flags;u16 router_lifetime_in_sec;u32 neighbor_reachable_time_in_msec;u32 time_in_msec_between_retransmitted_neighbor_solicitations;u32 n_prefixes;ip6_ra_prefix_info prefixes[@n_prefixes]
M	ip6nd_proxy_add_del	c2e4a686	ip6_nd	ffff	u32 client_index;u32 context;interface_index sw_if_index;bool is_add;ip6_address ip
M	ip6nd_proxy_add_del_reply	e8d4e804	ip6_nd	ffff	u32 context;i32 retval
M	ip6nd_proxy_details	30b9ff4a	ip6_nd	ffff	u32 context;interface_index sw_if_index;ip6_address ip
M	ip6nd_proxy_dump	51077d14	ip6_nd	ffff	u32 client_index;u32 context
M	ip6nd_proxy_enable_disable	7daa1e3a	ip6_nd	fffe	u32 client_index;u32 context;interface_index sw_if_index;bool is_enable
M	ip6nd_proxy_enable_disable_reply	e8d4e804	ip6_nd	fffe	u32 context;i32 retval
M	ip6nd_send_router_solicitation	e5de609c	ip6_nd	ffff	u32 client_index;u32 context;u32 irt;u32 mrt;u32 mrc;u32 mrd;interface_index sw_if_index;bool stop
M	ip6nd_send_router_solicitation_reply	e8d4e804	ip6_nd	ffff	u32 context;i32 retval
M	ip_address_details	ee29b797	ip	ffff	u32 context;interface_index sw_if_index;address_with_prefix prefix
M	ip_address_dump	2d033de4	ip	ffff	u32 client_index;u32 context;interface_index sw_if_index;bool is_ipv6
M	ip_container_proxy_add_del	7df1dff1	ip	ffff	u32 client_index;u32 context;prefix pfx;interface_index sw_if_index;bool is_add=1
M	ip_container_proxy_add_del_reply	e8d4e804	ip	ffff	u32 context;i32 retval
M	ip_container_proxy_details	a8085523	ip	ffff	u32 context;interface_index sw_if_index;prefix prefix
M	ip_container_proxy_dump	51077d14	ip	ffff	u32 client_index;u32 context
M	ip_details	eb152d07	ip	ffff	u32 context;interface_index sw_if_index;bool is_ipv6
M	ip_dump	98d231ca	ip	ffff	u32 client_index;u32 context;bool is_ipv6
M	ip_local_reass_enable_disable	34e2ccc4	ip	fff8	u32 client_index;u32 context;bool enable_ip4;bool enable_ip6
M	ip_local_reass_enable_disable_reply	e8d4e804	ip	fff8	u32 context;i32 retval
M	ip_local_reass_get	51077d14	ip	fff8	u32 client_index;u32 context
M	ip_local_reass_get_reply	3e93a702	ip	fff8	u32 context;i32 retval;bool ip4_is_enabled;bool ip6_is_enabled
M	ip_mroute_add_del	0dd7e790	ip	ffff	u32 client_index;u32 context;bool is_add=1;bool is_multipath;ip_mroute route
M	ip_mroute_add_del_reply	1992deab	ip	ffff	u32 context;i32 retval;u32 stats_index
M	ip_mroute_details	c5cb23fc	ip	ffff	u32 context;ip_mroute route
M	ip_mroute_dump	b9d2e09e	ip	ffff	u32 client_index;u32 context;ip_table table
M	ip_mtable_details	b9d2e09e	ip	ffff	u32 client_index;u32 context;ip_table table
M	ip_mtable_dump	51077d14	ip	ffff	u32 client_index;u32 context
M	ip_neighbor_add_del	0607c257	ip_neighbor	ffff	u32 client_index;u32 context;bool is_add;ip_neighbor neighbor
M	ip_neighbor_add_del_reply	1992deab	ip_neighbor	ffff	u32 context;i32 retval;u32 stats_index
M	ip_neighbor_config	f4a5cf44	ip_neighbor	ffff	u32 client_index;u32 context;address_family af;u32 max_number;u32 max_age;bool recycle
M	ip_neighbor_config_get	a5db7bf7	ip_neighbor	ff80	u32 client_index;u32 context;address_family af
M	ip_neighbor_config_get_reply	798e6fdd	ip_neighbor	ff80	u32 context;i32 retval;address_family af;u32 max_number;u32 max_age;bool recycle
M	ip_neighbor_config_reply	e8d4e804	ip_neighbor	ffff	u32 context;i32 retval
M	ip_neighbor_details	e29d79f0	ip_neighbor	ffff	u32 context;f64 age;ip_neighbor neighbor
M	ip_neighbor_dump	d817a484	ip_neighbor	ffff	u32 client_index;u32 context;interface_index sw_if_index=4294967295;address_family af
M	ip_neighbor_event	bdb092b2	ip_neighbor	ffff	u32 client_index;u32 pid;ip_neighbor neighbor
M	ip_neighbor_event_v2	c1d53dc0	ip_neighbor	ffff	u32 client_index;u32 pid;ip_neighbor_event_flags flags;ip_neighbor neighbor
M	ip_neighbor_flush	16aa35d2	ip_neighbor	ffff	u32 client_index;u32 context;address_family af;interface_index sw_if_index=4294967295
M	ip_neighbor_flush_reply	e8d4e804	ip_neighbor	ffff	u32 context;i32 retval
M	ip_neighbor_replace_begin	51077d14	ip_neighbor	ffff	u32 client_index;u32 context
M	ip_neighbor_replace_begin_reply	e8d4e804	ip_neighbor	ffff	u32 context;i32 retval
M	ip_neighbor_replace_end	51077d14	ip_neighbor	ffff	u32 client_index;u32 context
M	ip_neighbor_replace_end_reply	e8d4e804	ip_neighbor	ffff	u32 context;i32 retval
M	ip_path_mtu_details	ac9539a7	ip	ffff	u32 context;ip_path_mtu pmtu
M	ip_path_mtu_get	f75ba505	ip	ffff	u32 client_index;u32 context;u32 cursor
M	ip_path_mtu_get_reply	53b48f5d	ip	ffff	u32 context;i32 retval;u32 cursor
M	ip_path_mtu_replace_begin	51077d14	ip	ffff	u32 client_index;u32 context
M	ip_path_mtu_replace_begin_reply	e8d4e804	ip	ffff	u32 context;i32 retval
M	ip_path_mtu_replace_end	51077d14	ip	ffff	u32 client_index;u32 context
M	ip_path_mtu_replace_end_reply	e8d4e804	ip	ffff	u32 context;i32 retval
M	ip_path_mtu_update	10bbe5cb	ip	ffff	u32 client_index;u32 context;ip_path_mtu pmtu
M	ip_path_mtu_update_reply	e8d4e804	ip	ffff	u32 context;i32 retval
M	ip_punt_police	db867cea	policer	ffff	u32 client_index;u32 context;u32 policer_index;bool is_add=1;bool is_ip6
M	ip_punt_police_reply	e8d4e804	policer	ffff	u32 context;i32 retval
M	ip_punt_redirect	6580f635	ip	ffff	u32 client_index;u32 context;punt_redirect punt;bool is_add=1
M	ip_punt_redirect_details	2cef63e7	ip	ffff	u32 context;punt_redirect punt
M	ip_punt_redirect_dump	2d033de4	ip	ffff	u32 client_index;u32 context;interface_index sw_if_index;bool is_ipv6
M	ip_punt_redirect_reply	e8d4e804	ip	ffff	u32 context;i32 retval
M	ip_punt_redirect_v2_details	7ba42e1d	ip	fffe	u32 context;punt_redirect_v2 punt
M	ip_punt_redirect_v2_dump	d817a484	ip	fffe	u32 client_index;u32 context;interface_index sw_if_index;address_family af
M	ip_reassembly_enable_disable	eb77968d	ip	ffff	u32 client_index;u32 context;interface_index sw_if_index;bool enable_ip4;bool enable_ip6;ip_reass_type type
M	ip_reassembly_enable_disable_reply	e8d4e804	ip	ffff	u32 context;i32 retval
M	ip_reassembly_get	ea13ff63	ip	ffff	u32 client_index;u32 context;bool is_ip6;ip_reass_type type
M	ip_reassembly_get_reply	d5eb8d34	ip	ffff	u32 context;i32 retval;u32 timeout_ms;u32 max_reassemblies;u32 max_reassembly_length;u32 expire_walk_interval_ms;bool is_ip6
M	ip_reassembly_set	16467d25	ip	ffff	u32 client_index;u32 context;u32 timeout_ms;u32 max_reassemblies;u32 max_reassembly_length;u32 expire_walk_interval_ms;bool is_ip6;ip_reass_type type
M	ip_reassembly_set_reply	e8d4e804	ip	ffff	u32 context;i32 retval
M	ip_route_add_del	b8ecfe0d	ip	ffff	u32 client_index;u32 context;bool is_add=1;bool is_multipath;ip_route route
M	ip_route_add_del_reply	1992deab	ip	ffff	u32 context;i32 retval;u32 stats_index
M	ip_route_add_del_v2	521ef330	ip	ffff	u32 client_index;u32 context;bool is_add=1;bool is_multipath;ip_route_v2 route
M	ip_route_add_del_v2_reply	1992deab	ip	ffff	u32 context;i32 retval;u32 stats_index
M	ip_route_details	bda8f315	ip	ffff	u32 context;ip_route route
M	ip_route_dump	b9d2e09e	ip	ffff	u32 client_index;u32 context;ip_table table
M	ip_route_lookup	710d6471	ip	ffff	u32 client_index;u32 context;u32 table_id;u8 exact;prefix prefix
M	ip_route_lookup_reply	5d8febcb	ip	ffff	u32 context;i32 retval;ip_route route
M	ip_route_lookup_v2	710d6471	ip	ffff	u32 client_index;u32 context;u32 table_id;u8 exact;prefix prefix
M	ip_route_lookup_v2_reply	84cc9e03	ip	ffff	u32 context;i32 retval;ip_route_v2 route
M	ip_route_v2_details	b09aa6c0	ip	ffff	u32 context;ip_route_v2 route
M	ip_route_v2_dump	d16f72e6	ip	ffff	u32 client_index;u32 context;u8 src;ip_table table
M	ip_session_redirect_add	2f78ffda	ip_session_redirect	ffc0	u32 client_index;u32 context;u32 table_index;u8 match_len;u8 match[80];u32 opaque_index=4294967295;bool is_punt;u8 n_paths;fib_path paths[@n_paths]
M	ip_session_redirect_add_reply	e8d4e804	ip_session_redirect	ffc0	u32 context;i32 retval
M	ip_session_redirect_add_v2	0765f51f	ip_session_redirect	ffc0	u32 client_index;u32 context;u32 table_index;u32 opaque_index=4294967295;fib_path_nh_proto proto=4294967295;bool is_punt;u8 match_len;u8 match[80];u8 n_paths;fib_path paths[@n_paths]
M	ip_session_redirect_add_v2_reply	e8d4e804	ip_session_redirect	ffc0	u32 context;i32 retval
M	ip_session_redirect_del	fb643388	ip_session_redirect	ffc0	u32 client_index;u32 context;u32 table_index;u8 match_len;u8 match[@match_len]
M	ip_session_redirect_del_reply	e8d4e804	ip_session_redirect	ffc0	u32 context;i32 retval
M	ip_session_redirect_details	4487a233	ip_session_redirect	f000	u32 context;i32 retval;u32 table_index;u32 opaque_index;bool is_punt;bool is_ip6;u32 match_length;u8 match[80];u8 n_paths;fib_path paths[@n_paths]
M	ip_session_redirect_dump	33554253	ip_session_redirect	f000	u32 client_index;u32 context;u32 table_index
M	ip_source_and_port_range_check_add_del	92a067e3	ip	ffff	u32 client_index;u32 context;bool is_add=1;prefix prefix;u8 number_of_ranges;u16 low_ports[32];u16 high_ports[32];u32 vrf_id
M	ip_source_and_port_range_check_add_del_reply	e8d4e804	ip	ffff	u32 context;i32 retval
M	ip_source_and_port_range_check_interface_add_del	e1ba8987	ip	ffff	u32 client_index;u32 context;bool is_add=1;interface_index sw_if_index;u32 tcp_in_vrf_id;u32 tcp_out_vrf_id;u32 udp_in_vrf_id;u32 udp_out_vrf_id
M	ip_source_and_port_range_check_interface_add_del_reply	e8d4e804	ip	ffff	u32 context;i32 retval
M	ip_table_add_del	0ffdaec0	ip	ffff	u32 client_index;u32 context;bool is_add=1;ip_table table
M	ip_table_add_del_reply	e8d4e804	ip	ffff	u32 context;i32 retval
M	ip_table_add_del_v2	14e5081f	ip	fc00	u32 client_index;u32 context;ip_table table;bool create_mfib=1;bool is_add=1
M	ip_table_add_del_v2_reply	e8d4e804	ip	fc00	u32 context;i32 retval
M	ip_table_allocate	b9d2e09e	ip	fffe	u32 client_index;u32 context;ip_table table
M	ip_table_allocate_reply	1728303a	ip	fffe	u32 context;i32 retval;ip_table table
M	ip_table_details	c79fca0f	ip	ffff	u32 context;ip_table table
M	ip_table_dump	51077d14	ip	ffff	u32 client_index;u32 context
M	ip_table_flush	b9d2e09e	ip	ffff	u32 client_index;u32 context;ip_table table
M	ip_table_flush_reply	e8d4e804	ip	ffff	u32 context;i32 retval
M	ip_table_replace_begin	b9d2e09e	ip	ffff	u32 client_index;u32 context;ip_table table
M	ip_table_replace_begin_reply	e8d4e804	ip	ffff	u32 context;i32 retval
M	ip_table_replace_end	b9d2e09e	ip	ffff	u32 client_index;u32 context;ip_table table
M	ip_table_replace_end_reply	e8d4e804	ip	ffff	u32 context;i32 retval
M	ip_unnumbered_details	cc59bd42	ip	ffff	u32 context;interface_index sw_if_index;interface_index ip_sw_if_index
M	ip_unnumbered_dump	f9e6675e	ip	ffff	u32 client_index;u32 context;interface_index sw_if_index=4294967295
M	ipfix_all_exporter_details	0dedbfe4	ipfix_export	fffc	u32 context;address collector_address;u16 collector_port;address src_address;u32 vrf_id;u32 path_mtu;u32 template_interval;bool udp_checksum
M	ipfix_all_exporter_get	f75ba505	ipfix_export	fffc	u32 client_index;u32 context;u32 cursor
M	ipfix_all_exporter_get_reply	53b48f5d	ipfix_export	fffc	u32 context;i32 retval;u32 cursor
M	ipfix_classify_stream_details	2903539d	ipfix_export	ffff	u32 context;u32 domain_id;u16 src_port
M	ipfix_classify_stream_dump	51077d14	ipfix_export	ffff	u32 client_index;u32 context
M	ipfix_classify_table_add_del	3e449bb9	ipfix_export	ffff	u32 client_index;u32 context;u32 table_id;address_family ip_version;ip_proto transport_protocol;bool is_add
M	ipfix_classify_table_add_del_reply	e8d4e804	ipfix_export	ffff	u32 context;i32 retval
M	ipfix_classify_table_details	1af8c28c	ipfix_export	ffff	u32 context;u32 table_id;address_family ip_version;ip_proto transport_protocol
M	ipfix_classify_table_dump	51077d14	ipfix_export	ffff	u32 client_index;u32 context
M	ipfix_exporter_create_delete	0753a768	ipfix_export	fffc	u32 client_index;u32 context;bool is_create;address collector_address;u16 collector_port;address src_address;u32 vrf_id;u32 path_mtu;u32 template_interval;bool udp_checksum
M	ipfix_exporter_create_delete_reply	9ffac24b	ipfix_export	fffc	u32 context;i32 retval;u32 stat_index
M	ipfix_exporter_details	0dedbfe4	ipfix_export	ffff	u32 context;address collector_address;u16 collector_port;address src_address;u32 vrf_id;u32 path_mtu;u32 template_interval;bool udp_checksum
M	ipfix_exporter_dump	51077d14	ipfix_export	ffff	u32 client_index;u32 context
M	ipfix_flush	51077d14	ipfix_export	ffff	u32 client_index;u32 context
M	ipfix_flush_reply	e8d4e804	ipfix_export	ffff	u32 context;i32 retval
M	ipip_6rd_add_tunnel	b9ec1863	ipip	ffff	u32 client_index;u32 context;u32 ip6_table_id;u32 ip4_table_id;ip6_prefix ip6_prefix;ip4_prefix ip4_prefix;ip4_address ip4_src;bool security_check;u8 tc_tos
M	ipip_6rd_add_tunnel_reply	5383d31f	ipip	ffff	u32 context;i32 retval;interface_index sw_if_index
M	ipip_6rd_del_tunnel	f9e6675e	ipip	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	ipip_6rd_del_tunnel_reply	e8d4e804	ipip	ffff	u32 context;i32 retval
M	ipip_add_tunnel	2ac399f5	ipip	ffff	u32 client_index;u32 context;ipip_tunnel tunnel
M	ipip_add_tunnel_reply	5383d31f	ipip	ffff	u32 context;i32 retval;interface_index sw_if_index
M	ipip_del_tunnel	f9e6675e	ipip	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	ipip_del_tunnel_reply	e8d4e804	ipip	ffff	u32 context;i32 retval
M	ipip_tunnel_details	d31cb34e	ipip	ffff	u32 context;ipip_tunnel tunnel
M	ipip_tunnel_dump	f9e6675e	ipip	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	ipsec_backend_details	ee601c29	ipsec	ffff	u32 context;string name[128];ipsec_proto protocol;u8 index;bool active
M	ipsec_backend_dump	51077d14	ipsec	ffff	u32 client_index;u32 context
M	ipsec_interface_add_del_spd	80f80cbb	ipsec	ffff	u32 client_index;u32 context;bool is_add;interface_index sw_if_index;u32 spd_id
M	ipsec_interface_add_del_spd_reply	e8d4e804	ipsec	ffff	u32 context;i32 retval
M	ipsec_itf_create	6f50b3bc	ipsec	ffff	u32 client_index;u32 context;ipsec_itf itf
M	ipsec_itf_create_reply	5383d31f	ipsec	ffff	u32 context;i32 retval;interface_index sw_if_index
M	ipsec_itf_delete	f9e6675e	ipsec	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	ipsec_itf_delete_reply	e8d4e804	ipsec	ffff	u32 context;i32 retval
M	ipsec_itf_details	548a73b8	ipsec	ffff	u32 context;ipsec_itf itf
M	ipsec_itf_dump	f9e6675e	ipsec	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	ipsec_sa_details	345d14a7	ipsec	ffff	u32 context;ipsec_sad_entry entry;interface_index sw_if_index;u32 salt;u64 seq_outbound;u64 last_seq_inbound;u64 replay_window;u32 stat_index
M	ipsec_sa_dump	2076c2f4	ipsec	ffff	u32 client_index;u32 context;u32 sa_id
M	ipsec_sa_v2_details	e2130051	ipsec	ffff	u32 context;ipsec_sad_entry_v2 entry;interface_index sw_if_index;u32 salt;u64 seq_outbound;u64 last_seq_inbound;u64 replay_window;u32 stat_index
M	ipsec_sa_v2_dump	2076c2f4	ipsec	ffff	u32 client_index;u32 context;u32 sa_id
M	ipsec_sa_v3_details	2fc991ee	ipsec	ffff	u32 context;ipsec_sad_entry_v3 entry;interface_index sw_if_index;u64 seq_outbound;u64 last_seq_inbound;u64 replay_window;u32 stat_index
M	ipsec_sa_v3_dump	2076c2f4	ipsec	ffff	u32 client_index;u32 context;u32 sa_id
M	ipsec_sa_v4_details	87a322d7	ipsec	ff80	u32 context;ipsec_sad_entry_v3 entry;interface_index sw_if_index;u64 seq_outbound;u64 last_seq_inbound;u64 replay_window;u32 thread_index;u32 stat_index
M	ipsec_sa_v4_dump	2076c2f4	ipsec	ff80	u32 client_index;u32 context;u32 sa_id
M	ipsec_sa_v5_details	3cfecfbd	ipsec	ff00	u32 context;ipsec_sad_entry_v4 entry;interface_index sw_if_index;u64 seq_outbound;u64 last_seq_inbound;u64 replay_window;u32 thread_index;u32 stat_index
M	ipsec_sa_v5_dump	2076c2f4	ipsec	ff00	u32 client_index;u32 context;u32 sa_id
M	ipsec_sad_bind	0649c0d9	ipsec	ff80	u32 client_index;u32 context;u32 sa_id;u32 worker
M	ipsec_sad_bind_reply	e8d4e804	ipsec	ff80	u32 context;i32 retval
M	ipsec_sad_entry_add	50229353	ipsec	fffe	u32 client_index;u32 context;ipsec_sad_entry_v3 entry
M	ipsec_sad_entry_add_del	ab64b5c6	ipsec	ffff	u32 client_index;u32 context;bool is_add;ipsec_sad_entry entry
M	ipsec_sad_entry_add_del_reply	9ffac24b	ipsec	ffff	u32 context;i32 retval;u32 stat_index
M	ipsec_sad_entry_add_del_v2	aca78b27	ipsec	ffff	u32 client_index;u32 context;bool is_add;ipsec_sad_entry_v2 entry
M	ipsec_sad_entry_add_del_v2_reply	9ffac24b	ipsec	ffff	u32 context;i32 retval;u32 stat_index
M	ipsec_sad_entry_add_del_v3	c77ebd92	ipsec	ffff	u32 client_index;u32 context;bool is_add;ipsec_sad_entry_v3 entry
M	ipsec_sad_entry_add_del_v3_reply	9ffac24b	ipsec	ffff	u32 context;i32 retval;u32 stat_index
M	ipsec_sad_entry_add_reply	9ffac24b	ipsec	fffe	u32 context;i32 retval;u32 stat_index
M	ipsec_sad_entry_add_v2	9611297a	ipsec	ff00	u32 client_index;u32 context;ipsec_sad_entry_v4 entry
M	ipsec_sad_entry_add_v2_reply	9ffac24b	ipsec	ff00	u32 context;i32 retval;u32 stat_index
M	ipsec_sad_entry_del	3a91bde5	ipsec	fffe	u32 client_index;u32 context;u32 id
M	ipsec_sad_entry_del_reply	e8d4e804	ipsec	fffe	u32 context;i32 retval
M	ipsec_sad_entry_update	1412af86	ipsec	ffe0	u32 client_index;u32 context;u32 sad_id;bool is_tun;tunnel tunnel;u16 udp_src_port=65535;u16 udp_dst_port=65535
M	ipsec_sad_entry_update_reply	e8d4e804	ipsec	ffe0	u32 context;i32 retval
M	ipsec_sad_unbind	2076c2f4	ipsec	ff80	u32 client_index;u32 context;u32 sa_id
M	ipsec_sad_unbind_reply	e8d4e804	ipsec	ff80	u32 context;i32 retval
M	ipsec_select_backend	5bcfd3b7	ipsec	ffff	u32 client_index;u32 context;ipsec_proto protocol;u8 index
M	ipsec_select_backend_reply	e8d4e804	ipsec	ffff	u32 context;i32 retval
M	ipsec_set_async_mode	a6465f7c	ipsec	ffff	u32 client_index;u32 context;bool async_enable
M	ipsec_set_async_mode_reply	e8d4e804	ipsec	ffff	u32 context;i32 retval
M	ipsec_spd_add_del	20e89a95	ipsec	ffff	u32 client_index;u32 context;bool is_add;u32 spd_id
M	ipsec_spd_add_del_reply	e8d4e804	ipsec	ffff	u32 context;i32 retval
M	ipsec_spd_details	5813d7a2	ipsec	ffff	u32 context;ipsec_spd_entry entry
M	ipsec_spd_dump	afefbf7d	ipsec	ffff	u32 client_index;u32 context;u32 spd_id;u32 sa_id
M	ipsec_spd_entry_add_del	338b7411	ipsec	ffff	u32 client_index;u32 context;bool is_add;ipsec_spd_entry entry
M	ipsec_spd_entry_add_del_reply	9ffac24b	ipsec	ffff	u32 context;i32 retval;u32 stat_index
M	ipsec_spd_entry_add_del_v2	7bfe69fc	ipsec	fff0	u32 client_index;u32 context;bool is_add;ipsec_spd_entry_v2 entry
M	ipsec_spd_entry_add_del_v2_reply	9ffac24b	ipsec	fff0	u32 context;i32 retval;u32 stat_index
M	ipsec_spd_interface_details	7a0bcf3e	ipsec	ffff	u32 context;u32 spd_index;interface_index sw_if_index
M	ipsec_spd_interface_dump	8971de19	ipsec	ffff	u32 client_index;u32 context;u32 spd_index;u8 spd_index_valid
M	ipsec_spds_details	a04bb254	ipsec	ffff	u32 context;u32 spd_id;u32 npolicies
M	ipsec_spds_dump	51077d14	ipsec	ffff	u32 client_index;u32 context
M	ipsec_tunnel_protect_del	cd239930	ipsec	ffff	u32 client_index;u32 context;interface_index sw_if_index;address nh
M	ipsec_tunnel_protect_del_reply	e8d4e804	ipsec	ffff	u32 context;i32 retval
M	ipsec_tunnel_protect_details	21663a50	ipsec	ffff	u32 context;ipsec_tunnel_protect tun
M	ipsec_tunnel_protect_dump	f9e6675e	ipsec	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	ipsec_tunnel_protect_update	30d5f133	ipsec	ffff	u32 client_index;u32 context;ipsec_tunnel_protect tunnel
M	ipsec_tunnel_protect_update_reply	e8d4e804	ipsec	ffff	u32 context;i32 retval
M	l2_arp_term_event	6963e07a	l2	ffff	u32 client_index;u32 pid;address ip;interface_index sw_if_index;mac_address mac
M	l2_emulation	ae6cfcfb	l2e	3	u32 client_index;u32 context;interface_index sw_if_index;bool enable
M	l2_emulation_reply	e8d4e804	l2e	3	u32 context;i32 retval
M	l2_fib_clear_table	51077d14	l2	ffff	u32 client_index;u32 context
M	l2_fib_clear_table_reply	e8d4e804	l2	ffff	u32 context;i32 retval
M	l2_fib_table_details	a44ef6b8	l2	ffff	u32 context;u32 bd_id;mac_address mac;interface_index sw_if_index;bool static_mac;bool filter_mac;bool bvi_mac
M	l2_fib_table_dump	c25fdce6	l2	ffff	u32 client_index;u32 context;u32 bd_id
M	l2_flags	fc41cfe8	l2	ffff	u32 client_index;u32 context;interface_index sw_if_index;bool is_set;u32 feature_bitmap
M	l2_flags_get	f9e6675e	l2	8000	u32 client_index;u32 context;interface_index sw_if_index
M	l2_flags_get_reply	35cb810f	l2	8000	u32 context;i32 retval;u32 input_feature_bitmap;u32 output_feature_bitmap
M	l2_flags_reply	29b2a2b3	l2	ffff	u32 context;i32 retval;u32 resulting_feature_bitmap
M	l2_flags_set	d4030647	l2	8000	u32 client_index;u32 context;interface_index sw_if_index;bool is_set;u32 input_feature_bitmap;u32 output_feature_bitmap
M	l2_flags_set_reply	e8d4e804	l2	8000	u32 context;i32 retval
M	l2_interface_efp_filter	5501adee	l2	ffff	u32 client_index;u32 context;interface_index sw_if_index;bool enable_disable=1
M	l2_interface_efp_filter_reply	e8d4e804	l2	ffff	u32 context;i32 retval
M	l2_interface_feat_flags_get	f9e6675e	l2	8000	u32 client_index;u32 context;interface_index sw_if_index
M	l2_interface_feat_flags_get_reply	a4149215	l2	8000	u32 context;i32 retval;l2_intf_feat_flags flags
M	l2_interface_feat_flags_set	c4e2865c	l2	8000	u32 client_index;u32 context;interface_index sw_if_index;bool is_set;l2_intf_feat_flags flags
M	l2_interface_feat_flags_set_reply	e8d4e804	l2	8000	u32 context;i32 retval
M	l2_interface_pbb_tag_rewrite	38e802a8	l2	ffff	u32 client_index;u32 context;interface_index sw_if_index;u32 vtr_op;u16 outer_tag;mac_address b_dmac;mac_address b_smac;u16 b_vlanid;u32 i_sid
M	l2_interface_pbb_tag_rewrite_reply	e8d4e804	l2	ffff	u32 context;i32 retval
M	l2_interface_vlan_tag_rewrite	62cc0bbc	l2	ffff	u32 client_index;u32 context;interface_index sw_if_index;u32 vtr_op;u32 push_dot1q;u32 tag1;u32 tag2
M	l2_interface_vlan_tag_rewrite_reply	e8d4e804	l2	ffff	u32 context;i32 retval
M	l2_macs_event	44b8fd64	l2	ffff	u32 client_index;u32 pid;u32 n_macs;mac_entry mac[@n_macs]
M	l2_patch_add_del	a1f6a6f3	l2	ffff	u32 client_index;u32 context;interface_index rx_sw_if_index;interface_index tx_sw_if_index;bool is_add=1
M	l2_patch_add_del_reply	e8d4e804	l2	ffff	u32 context;i32 retval
M	l2_xconnect_details	472b6b67	l2	ffff	u32 context;interface_index rx_sw_if_index;interface_index tx_sw_if_index
M	l2_xconnect_dump	51077d14	l2	ffff	u32 client_index;u32 context
M	l2fib_add_del	eddda487	l2	ffff	u32 client_index;u32 context;mac_address mac;u32 bd_id;interface_index sw_if_index;bool is_add=1;bool static_mac;bool filter_mac;bool bvi_mac
M	l2fib_add_del_reply	e8d4e804	l2	ffff	u32 context;i32 retval
M	l2fib_flush_all	51077d14	l2	ffff	u32 client_index;u32 context
M	l2fib_flush_all_reply	e8d4e804	l2	ffff	u32 context;i32 retval
M	l2fib_flush_bd	c25fdce6	l2	ffff	u32 client_index;u32 context;u32 bd_id
M	l2fib_flush_bd_reply	e8d4e804	l2	ffff	u32 context;i32 retval
M	l2fib_flush_int	f9e6675e	l2	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	l2fib_flush_int_reply	e8d4e804	l2	ffff	u32 context;i32 retval
M	l2fib_set_scan_delay	a3b968a4	l2	ffff	u32 client_index;u32 context;u16 scan_delay=10
M	l2fib_set_scan_delay_reply	e8d4e804	l2	ffff	u32 context;i32 retval
M	l2tpv3_create_tunnel	15bed0c2	l2tp	ffff	u32 client_index;u32 context;address client_address;address our_address;u32 local_session_id;u32 remote_session_id;u64 local_cookie;u64 remote_cookie;bool l2_sublayer_present;u32 encap_vrf_id
M	l2tpv3_create_tunnel_reply	5383d31f	l2tp	ffff	u32 context;i32 retval;interface_index sw_if_index
M	l2tpv3_interface_enable_disable	3865946c	l2tp	ffff	u32 client_index;u32 context;bool enable_disable;interface_index sw_if_index
M	l2tpv3_interface_enable_disable_reply	e8d4e804	l2tp	ffff	u32 context;i32 retval
M	l2tpv3_set_lookup_key	c9892c86	l2tp	ffff	u32 client_index;u32 context;l2t_lookup_key key
M	l2tpv3_set_lookup_key_reply	e8d4e804	l2tp	ffff	u32 context;i32 retval
M	l2tpv3_set_tunnel_cookies	b3f4faf7	l2tp	ffff	u32 client_index;u32 context;interface_index sw_if_index;u64 new_local_cookie;u64 new_remote_cookie
M	l2tpv3_set_tunnel_cookies_reply	e8d4e804	l2tp	ffff	u32 context;i32 retval
M	l3xc_del	e7dbef91	l3xc	ffff	u32 client_index;u32 context;interface_index sw_if_index;bool is_ip6
M	l3xc_del_reply	e8d4e804	l3xc	ffff	u32 context;i32 retval
M	l3xc_details	bc5bf852	l3xc	ffff	u32 context;l3xc l3xc
M	l3xc_dump	f9e6675e	l3xc	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	l3xc_plugin_get_version	51077d14	l3xc	ffff	u32 client_index;u32 context
M	l3xc_plugin_get_version_reply	9b32cf86	l3xc	ffff	u32 context;u32 major;u32 minor
M	l3xc_update	e96aabdf	l3xc	ffff	u32 client_index;u32 context;l3xc l3xc
M	l3xc_update_reply	1992deab	l3xc	ffff	u32 context;i32 retval;u32 stats_index
M	lb_add_del_as	35d72500	lb	ffff	u32 client_index;u32 context;address_with_prefix pfx;u8 protocol=255;u16 port;address as_address;bool is_del;bool is_flush
M	lb_add_del_as_reply	e8d4e804	lb	ffff	u32 context;i32 retval
M	lb_add_del_intf_nat4	47d6e753	lb	ffff	u32 client_index;u32 context;bool is_add;interface_index sw_if_index
M	lb_add_del_intf_nat4_reply	e8d4e804	lb	ffff	u32 context;i32 retval
M	lb_add_del_intf_nat6	47d6e753	lb	ffff	u32 client_index;u32 context;bool is_add;interface_index sw_if_index
M	lb_add_del_intf_nat6_reply	e8d4e804	lb	ffff	u32 context;i32 retval
M	lb_add_del_vip	6fa569c7	lb	ffff	u32 client_index;u32 context;address_with_prefix pfx;u8 protocol=255;u16 port;lb_encap_type encap;u8 dscp;lb_srv_type type;u16 target_port;u16 node_port;u32 new_flows_table_length=1024;bool is_del
M	lb_add_del_vip_reply	e8d4e804	lb	ffff	u32 context;i32 retval
M	lb_add_del_vip_v2	7c520e0f	lb	ffe0	u32 client_index;u32 context;address_with_prefix pfx;u8 protocol=255;u16 port;lb_encap_type encap;u8 dscp;lb_srv_type type;u16 target_port;u16 node_port;u32 new_flows_table_length=1024;bool src_ip_sticky;bool is_del
M	lb_add_del_vip_v2_reply	e8d4e804	lb	ffe0	u32 context;i32 retval
M	lb_as_details	8d24c29e	lb	ffff	u32 context;lb_vip vip;address app_srv;u8 flags;u32 in_use_since
M	lb_as_dump	1063f819	lb	ffff	u32 client_index;u32 context;address_with_prefix pfx;u8 protocol;u16 port
M	lb_conf	56cd3261	lb	ffff	u32 client_index;u32 context;ip4_address ip4_src_address;ip6_address ip6_src_address;u32 sticky_buckets_per_core=4294967295;u32 flow_timeout=4294967295
M	lb_conf_reply	e8d4e804	lb	ffff	u32 context;i32 retval
M	lb_flush_vip	1063f819	lb	ffff	u32 client_index;u32 context;address_with_prefix pfx;u8 protocol;u16 port
M	lb_flush_vip_reply	e8d4e804	lb	ffff	u32 context;i32 retval
M	lb_vip_details	1329ec9b	lb	ffff	u32 context;lb_vip vip;lb_encap_type encap;ip_dscp dscp;lb_srv_type srv_type;u16 target_port;u16 flow_table_length
M	lb_vip_dump	56110cb7	lb	ffff	u32 client_index;u32 context;address_with_prefix pfx;prefix_matcher pfx_matcher;u8 protocol=255;u16 port
M	lcp_default_ns_get	51077d14	lcp	ffff	u32 client_index;u32 context
M	lcp_default_ns_get_reply	eaeef6d3	lcp	f	u32 context;string namespace[32]
M	lcp_default_ns_get_reply	5102feee	lcp	fff0	u32 context;string netns[32]
M	lcp_default_ns_set	b561a74a	lcp	f	u32 client_index;u32 context;string namespace[32]
M	lcp_default_ns_set	69749409	lcp	fff0	u32 client_index;u32 context;string netns[32]
M	lcp_default_ns_set_reply	e8d4e804	lcp	ffff	u32 context;i32 retval
M	lcp_ethertype_enable	f893dae1	lcp	f000	u32 client_index;u32 context;u16 ethertype
M	lcp_ethertype_enable_reply	e8d4e804	lcp	f000	u32 context;i32 retval
M	lcp_ethertype_get	51077d14	lcp	f000	u32 client_index;u32 context
M	lcp_ethertype_get_reply	db48c31e	lcp	f000	u32 context;i32 retval;u16 count;u16 ethertypes[@count]
M	lcp_itf_pair_add_del	f3157f59	lcp	f	u32 client_index;u32 context;bool is_add;interface_index sw_if_index;string host_if_name[16];lcp_itf_host_type host_if_type;string namespace[32]
M	lcp_itf_pair_add_del	40482b80	lcp	fff0	u32 client_index;u32 context;bool is_add;interface_index sw_if_index;string host_if_name[16];lcp_itf_host_type host_if_type;string netns[32]
M	lcp_itf_pair_add_del_reply	e8d4e804	lcp	ffff	u32 context;i32 retval
M	lcp_itf_pair_add_del_v2	f3157f59	lcp	f	u32 client_index;u32 context;bool is_add;interface_index sw_if_index;string host_if_name[16];lcp_itf_host_type host_if_type;string namespace[32]
M	lcp_itf_pair_add_del_v2	40482b80	lcp	fff0	u32 client_index;u32 context;bool is_add;interface_index sw_if_index;string host_if_name[16];lcp_itf_host_type host_if_type;string netns[32]
M	lcp_itf_pair_add_del_v2_reply	39452f52	lcp	ffff	u32 context;i32 retval;interface_index host_sw_if_index
M	lcp_itf_pair_add_del_v3	40482b80	lcp	fe00	u32 client_index;u32 context;bool is_add;interface_index sw_if_index;string host_if_name[16];lcp_itf_host_type host_if_type;string netns[32]
M	lcp_itf_pair_add_del_v3_reply	c2502663	lcp	fe00	u32 context;i32 retval;u32 vif_index;interface_index host_sw_if_index
M	lcp_itf_pair_details	5a95842f	lcp	f	u32 context;interface_index phy_sw_if_index;interface_index host_sw_if_index;u32 vif_index;string host_if_name[16];lcp_itf_host_type host_if_type;string namespace[32]
M	lcp_itf_pair_details	8b5481af	lcp	fff0	u32 context;interface_index phy_sw_if_index;interface_index host_sw_if_index;u32 vif_index;string host_if_name[16];lcp_itf_host_type host_if_type;string netns[32]
M	lcp_itf_pair_get	f75ba505	lcp	ffff	u32 client_index;u32 context;u32 cursor
M	lcp_itf_pair_get_reply	53b48f5d	lcp	ffff	u32 context;i32 retval;u32 cursor
M	lcp_itf_pair_get_v2	47250981	lcp	fe00	u32 client_index;u32 context;u32 cursor;interface_index sw_if_index
M	lcp_itf_pair_get_v2_reply	53b48f5d	lcp	fe00	u32 context;i32 retval;u32 cursor
M	lcp_itf_pair_replace_begin	51077d14	lcp	ffff	u32 client_index;u32 context
M	lcp_itf_pair_replace_begin_reply	e8d4e804	lcp	ffff	u32 context;i32 retval
M	lcp_itf_pair_replace_end	51077d14	lcp	ffff	u32 client_index;u32 context
M	lcp_itf_pair_replace_end_reply	e8d4e804	lcp	ffff	u32 context;i32 retval
M	lcp_osi_proto_enable	bdd70c87	lcp	8000	u32 client_index;u32 context;u8 osi_proto
M	lcp_osi_proto_enable_reply	e8d4e804	lcp	8000	u32 context;i32 retval
M	lcp_osi_proto_get	51077d14	lcp	8000	u32 client_index;u32 context
M	lcp_osi_proto_get_reply	3b19a287	lcp	8000	u32 context;i32 retval;u8 count;u8 osi_protos[@count]
M	lcp_sync_unnumbered_get	51077d14	lcp	8000	u32 client_index;u32 context
M	lcp_sync_unnumbered_get_reply	f15abb16	lcp	8000	u32 context;i32 retval;bool is_enable
M	lcp_sync_unnumbered_set	c264d7bf	lcp	8000	u32 client_index;u32 context;bool is_enable
M	lcp_sync_unnumbered_set_reply	e8d4e804	lcp	8000	u32 context;i32 retval
M	lisp_add_del_adjacency	2ce0e6f6	lisp	ffff	u32 client_index;u32 context;bool is_add=1;u32 vni;eid reid;eid leid
M	lisp_add_del_adjacency_reply	e8d4e804	lisp	ffff	u32 context;i32 retval
M	lisp_add_del_local_eid	4e5a83a2	lisp	ffff	u32 client_index;u32 context;bool is_add=1;eid eid;string locator_set_name[64];u32 vni;hmac_key key
M	lisp_add_del_local_eid_reply	e8d4e804	lisp	ffff	u32 context;i32 retval
M	lisp_add_del_locator	af4d8f13	lisp	ffff	u32 client_index;u32 context;bool is_add=1;string locator_set_name[64];interface_index sw_if_index;u8 priority;u8 weight
M	lisp_add_del_locator_reply	e8d4e804	lisp	ffff	u32 context;i32 retval
M	lisp_add_del_locator_set	6fcd6471	lisp	ffff	u32 client_index;u32 context;bool is_add=1;string locator_set_name[64];u32 locator_num;local_locator locators[@locator_num]
M	lisp_add_del_locator_set_reply	b6666db4	lisp	ffff	u32 context;i32 retval;u32 ls_index
M	lisp_add_del_map_request_itr_rlocs	6be88e45	lisp	ffff	u32 client_index;u32 context;bool is_add=1;string locator_set_name[64]
M	lisp_add_del_map_request_itr_rlocs_reply	e8d4e804	lisp	ffff	u32 context;i32 retval
M	lisp_add_del_map_resolver	ce19e32d	lisp	ffff	u32 client_index;u32 context;bool is_add=1;address ip_address
M	lisp_add_del_map_resolver_reply	e8d4e804	lisp	ffff	u32 context;i32 retval
M	lisp_add_del_map_server	ce19e32d	lisp	ffff	u32 client_index;u32 context;bool is_add=1;address ip_address
M	lisp_add_del_map_server_reply	e8d4e804	lisp	ffff	u32 context;i32 retval
M	lisp_add_del_remote_mapping	6d5c789e	lisp	ffff	u32 client_index;u32 context;bool is_add=1;bool is_src_dst;bool del_all;u32 vni;u8 action;eid deid;eid seid;u32 rloc_num;remote_locator rlocs[@rloc_num]
M	lisp_add_del_remote_mapping_reply	e8d4e804	lisp	ffff	u32 context;i32 retval
M	lisp_adjacencies_get	8d1f2fe9	lisp	ffff	u32 client_index;u32 context;u32 vni
M	lisp_adjacencies_get_reply	807257bf	lisp	ffff	u32 context;i32 retval;u32 count;lisp_adjacency adjacencies[@count]
M	lisp_eid_table_add_del_map	9481416b	lisp	ffff	u32 client_index;u32 context;bool is_add=1;u32 vni;u32 dp_table;bool is_l2
M	lisp_eid_table_add_del_map_reply	e8d4e804	lisp	ffff	u32 context;i32 retval
M	lisp_eid_table_details	1c29f792	lisp	ffff	u32 context;u32 locator_set_index;u8 action;bool is_local;bool is_src_dst;u32 vni;eid deid;eid seid;u32 ttl;u8 authoritative;hmac_key key
M	lisp_eid_table_dump	629468b5	lisp	ffff	u32 client_index;u32 context;u8 eid_set;u8 prefix_length;u32 vni;eid eid;lisp_locator_set_filter filter
M	lisp_eid_table_map_details	0b6859e2	lisp	ffff	u32 context;u32 vni;u32 dp_table
M	lisp_eid_table_map_dump	d6cf0c3d	lisp	ffff	u32 client_index;u32 context;bool is_l2
M	lisp_eid_table_vni_details	64abc01e	lisp	ffff	u32 context;u32 vni
M	lisp_eid_table_vni_dump	51077d14	lisp	ffff	u32 client_index;u32 context
M	lisp_enable_disable	c264d7bf	lisp	ffff	u32 client_index;u32 context;bool is_enable=1
M	lisp_enable_disable_reply	e8d4e804	lisp	ffff	u32 context;i32 retval
M	lisp_get_map_request_itr_rlocs	51077d14	lisp	ffff	u32 client_index;u32 context
M	lisp_get_map_request_itr_rlocs_reply	76580f3a	lisp	ffff	u32 context;i32 retval;string locator_set_name[64]
M	lisp_locator_details	2c620ffe	lisp	ffff	u32 context;u8 local;interface_index sw_if_index;address ip_address;u8 priority;u8 weight
M	lisp_locator_dump	b954fad7	lisp	ffff	u32 client_index;u32 context;u32 ls_index;string ls_name[64];u8 is_index_set
M	lisp_locator_set_details	5b33a105	lisp	ffff	u32 context;u32 ls_index;string ls_name[64]
M	lisp_locator_set_dump	c2cb5922	lisp	ffff	u32 client_index;u32 context;lisp_locator_set_filter filter
M	lisp_map_register_enable_disable	c264d7bf	lisp	ffff	u32 client_index;u32 context;bool is_enable=1
M	lisp_map_register_enable_disable_reply	e8d4e804	lisp	ffff	u32 context;i32 retval
M	lisp_map_request_mode	f43c26ae	lisp	ffff	u32 client_index;u32 context;bool is_src_dst
M	lisp_map_request_mode_reply	e8d4e804	lisp	ffff	u32 context;i32 retval
M	lisp_map_resolver_details	3e78fc57	lisp	ffff	u32 context;address ip_address
M	lisp_map_resolver_dump	51077d14	lisp	ffff	u32 client_index;u32 context
M	lisp_map_server_details	3e78fc57	lisp	ffff	u32 context;address ip_address
M	lisp_map_server_dump	51077d14	lisp	ffff	u32 client_index;u32 context
M	lisp_pitr_set_locator_set	486e2b76	lisp	ffff	u32 client_index;u32 context;bool is_add=1;string ls_name[64]
M	lisp_pitr_set_locator_set_reply	e8d4e804	lisp	ffff	u32 context;i32 retval
M	lisp_rloc_probe_enable_disable	c264d7bf	lisp	ffff	u32 client_index;u32 context;bool is_enable=1
M	lisp_rloc_probe_enable_disable_reply	e8d4e804	lisp	ffff	u32 context;i32 retval
M	lisp_use_petr	d87dbad9	lisp	ffff	u32 client_index;u32 context;address ip_address;bool is_add=1
M	lisp_use_petr_reply	e8d4e804	lisp	ffff	u32 context;i32 retval
M	lldp_config	c14445df	lldp	ffff	u32 client_index;u32 context;u32 tx_hold;u32 tx_interval;string system_name[]
M	lldp_config_reply	e8d4e804	lldp	ffff	u32 context;i32 retval
M	lldp_details	c2d226cd	lldp	ff00	u32 context;interface_index sw_if_index;f64 last_heard;f64 last_sent;u8 chassis_id[64];u8 chassis_id_len;u8 port_id[64];u8 port_id_len;u16 ttl;port_id_subtype port_id_subtype;chassis_id_subtype chassis_id_subtype
M	lldp_dump	f75ba505	lldp	ff00	u32 client_index;u32 context;u32 cursor
M	lldp_dump_reply	53b48f5d	lldp	ff00	u32 context;i32 retval;u32 cursor
M	log_details	03d61cc0	vpe	ffff	u32 context;timestamp timestamp;log_level level;string msg_class[32];string message[256]
M	log_dump	6ab31753	vpe	ffff	u32 client_index;u32 context;timestamp start_timestamp
M	macip_acl_add	ce6fbad0	acl	ffff	u32 client_index;u32 context;string tag[64];u32 count;macip_acl_rule r[@count]
M	macip_acl_add_replace	2a461dd4	acl	ffff	u32 client_index;u32 context;u32 acl_index=4294967295;string tag[64];u32 count;macip_acl_rule r[@count]
M	macip_acl_add_replace_reply	ac407b0c	acl	ffff	u32 context;u32 acl_index;i32 retval
M	macip_acl_add_reply	ac407b0c	acl	ffff	u32 context;u32 acl_index;i32 retval
M	macip_acl_del	ef34fea4	acl	ffff	u32 client_index;u32 context;u32 acl_index
M	macip_acl_del_reply	e8d4e804	acl	ffff	u32 context;i32 retval
M	macip_acl_details	27135b59	acl	ffff	u32 context;u32 acl_index;string tag[64];u32 count;macip_acl_rule r[@count]
M	macip_acl_dump	ef34fea4	acl	ffff	u32 client_index;u32 context;u32 acl_index=4294967295
M	macip_acl_interface_add_del	4b8690b1	acl	ffff	u32 client_index;u32 context;bool is_add=1;interface_index sw_if_index;u32 acl_index
M	macip_acl_interface_add_del_reply	e8d4e804	acl	ffff	u32 context;i32 retval
M	macip_acl_interface_get	51077d14	acl	ffff	u32 client_index;u32 context
M	macip_acl_interface_get_reply	accf9b05	acl	ffff	u32 context;u32 count;u32 acls[@count]
M	macip_acl_interface_list_details	a0c5d56d	acl	ffff	u32 context;interface_index sw_if_index;u8 count;u32 acls[@count]
M	macip_acl_interface_list_dump	f9e6675e	acl	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	mactime_add_del_range	cb56e877	mactime	ffff	u32 client_index;u32 context;bool is_add;bool drop;bool allow;u8 allow_quota;bool no_udp_10001;u64 data_quota;mac_address mac_address;string device_name[64];u32 count;time_range ranges[@count]
M	mactime_add_del_range_reply	e8d4e804	mactime	ffff	u32 context;i32 retval
M	mactime_details	da25b13a	mactime	ffff	u32 context;u32 pool_index;mac_address mac_address;u64 data_quota;u64 data_used_in_range;u32 flags;string device_name[64];u32 nranges;mactime_time_range ranges[@nranges]
M	mactime_dump	8f454e23	mactime	ffff	u32 client_index;u32 context;u32 my_table_epoch
M	mactime_dump_reply	49bcc753	mactime	ffff	u32 context;i32 retval;u32 table_epoch
M	mactime_enable_disable	3865946c	mactime	ffff	u32 client_index;u32 context;bool enable_disable;interface_index sw_if_index
M	mactime_enable_disable_reply	e8d4e804	mactime	ffff	u32 context;i32 retval
M	map_add_del_rule	c65b32f7	map	ffff	u32 client_index;u32 context;u32 index;bool is_add;ip6_address ip6_dst;u16 psid
M	map_add_del_rule_reply	e8d4e804	map	ffff	u32 context;i32 retval
M	map_add_domain	249f195c	map	ffff	u32 client_index;u32 context;ip6_prefix ip6_prefix;ip4_prefix ip4_prefix;ip6_prefix ip6_src;u8 ea_bits_len;u8 psid_offset;u8 psid_length;u16 mtu=1280;string tag[64]
M	map_add_domain_reply	3e6d4e2c	map	ffff	u32 context;u32 index;i32 retval
M	map_del_domain	8ac76db6	map	ffff	u32 client_index;u32 context;u32 index
M	map_del_domain_reply	e8d4e804	map	ffff	u32 context;i32 retval
M	map_domain_details	796edb50	map	ffff	u32 context;u32 domain_index;ip6_prefix ip6_prefix;ip4_prefix ip4_prefix;ip6_prefix ip6_src;u8 ea_bits_len;u8 psid_offset;u8 psid_length;u8 flags;u16 mtu;string tag[64]
M	map_domain_dump	51077d14	map	ffff	u32 client_index;u32 context
M	map_domains_get	f75ba505	map	ffff	u32 client_index;u32 context;u32 cursor
M	map_domains_get_reply	53b48f5d	map	ffff	u32 context;i32 retval;u32 cursor
M	map_if_enable_disable	59bb32f4	map	ffff	u32 client_index;u32 context;interface_index sw_if_index;bool is_enable;bool is_translation
M	map_if_enable_disable_reply	e8d4e804	map	ffff	u32 context;i32 retval
M	map_param_add_del_pre_resolve	dae5af03	map	ffff	u32 client_index;u32 context;bool is_add;ip4_address ip4_nh_address;ip6_address ip6_nh_address
M	map_param_add_del_pre_resolve_reply	e8d4e804	map	ffff	u32 context;i32 retval
M	map_param_get	51077d14	map	ffff	u32 client_index;u32 context
M	map_param_get_reply	26272c90	map	ffff	u32 context;i32 retval;u8 frag_inner;u8 frag_ignore_df;ip4_address icmp_ip4_err_relay_src;bool icmp6_enable_unreachable;ip4_address ip4_nh_address;ip6_address ip6_nh_address;u16 ip4_lifetime_ms;u16 ip4_pool_size;u32 ip4_buffers;f64 ip4_ht_ratio;bool sec_check_enable;bool sec_check_fragments;bool tc_copy;u8 tc_class
M	map_param_set_fragmentation	9ff54d90	map	ffff	u32 client_index;u32 context;bool inner;bool ignore_df
M	map_param_set_fragmentation_reply	e8d4e804	map	ffff	u32 context;i32 retval
M	map_param_set_icmp	58210cbf	map	ffff	u32 client_index;u32 context;ip4_address ip4_err_relay_src
M	map_param_set_icmp6	5d01f8c1	map	ffff	u32 client_index;u32 context;bool enable_unreachable
M	map_param_set_icmp6_reply	e8d4e804	map	ffff	u32 context;i32 retval
M	map_param_set_icmp_reply	e8d4e804	map	ffff	u32 context;i32 retval
M	map_param_set_security_check	6abe9836	map	ffff	u32 client_index;u32 context;bool enable;bool fragments
M	map_param_set_security_check_reply	e8d4e804	map	ffff	u32 context;i32 retval
M	map_param_set_tcp	87a825d9	map	ffff	u32 client_index;u32 context;u16 tcp_mss
M	map_param_set_tcp_reply	e8d4e804	map	ffff	u32 context;i32 retval
M	map_param_set_traffic_class	9cac455c	map	ffff	u32 client_index;u32 context;bool copy;u8 tc_class
M	map_param_set_traffic_class_reply	e8d4e804	map	ffff	u32 context;i32 retval
M	map_rule_details	c7cbeea5	map	ffff	u32 context;ip6_address ip6_dst;u16 psid
M	map_rule_dump	e43e6ff6	map	ffff	u32 client_index;u32 context;u32 domain_index
M	map_summary_stats	51077d14	map	ffff	u32 client_index;u32 context
M	map_summary_stats_reply	0e4ace0e	map	ffff	u32 context;i32 retval;u64 total_bindings;u64 total_pkts[2];u64 total_bytes[2];u64 total_ip4_fragments;u64 total_security_check[2]
M	mdata_enable_disable	2e7b47df	mdata	ffff	u32 client_index;u32 context;bool enable_disable
M	mdata_enable_disable_reply	e8d4e804	mdata	ffff	u32 context;i32 retval
M	memclnt_create	9c5e1c2f	memclnt	ffff	u32 context;i32 ctx_quota;u64 input_queue;string name[64];u32 api_versions[8]
M	memclnt_create_reply	42ec4560	memclnt	ffff	u32 context;i32 response;u64 handle;u32 index;u64 message_table
M	memclnt_create_v2	c4bd4882	memclnt	fff8	u32 context;i32 ctx_quota;u64 input_queue;string name[64];u32 api_versions[8];bool keepalive=1
M	memclnt_create_v2_reply	42ec4560	memclnt	fff8	u32 context;i32 response;u64 handle;u32 index;u64 message_table
M	memclnt_delete	7e1c04e3	memclnt	ffff	u32 index;u64 handle;bool do_cleanup
M	memclnt_delete_reply	3d3b6312	memclnt	ffff	i32 response;u64 handle
M	memclnt_keepalive	51077d14	memclnt	ffff	u32 client_index;u32 context
M	memclnt_keepalive_reply	e8d4e804	memclnt	ffff	u32 context;i32 retval
M	memclnt_read_timeout	c3a3a452	memclnt	ffff	u8 dummy
M	memclnt_rx_thread_suspend	c3a3a452	memclnt	ffff	u8 dummy
M	memif_create	b1b25061	memif	ffff	u32 client_index;u32 context;memif_role role;memif_mode mode;u8 rx_queues;u8 tx_queues;u32 id;u32 socket_id;u32 ring_size;u16 buffer_size;bool no_zero_copy;mac_address hw_addr;string secret[24]
M	memif_create_reply	5383d31f	memif	ffff	u32 context;i32 retval;interface_index sw_if_index
M	memif_create_v2	8c7de5f7	memif	ffc0	u32 client_index;u32 context;memif_role role;memif_mode mode;u8 rx_queues;u8 tx_queues;u32 id;u32 socket_id;u32 ring_size;u16 buffer_size;bool no_zero_copy;bool use_dma;mac_address hw_addr;string secret[24]
M	memif_create_v2_reply	5383d31f	memif	ffc0	u32 context;i32 retval;interface_index sw_if_index
M	memif_delete	f9e6675e	memif	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	memif_delete_reply	e8d4e804	memif	ffff	u32 context;i32 retval
M	memif_details	da34feb9	memif	ffff	u32 context;interface_index sw_if_index;mac_address hw_addr;u32 id;memif_role role;memif_mode mode;bool zero_copy;u32 socket_id;u32 ring_size;u16 buffer_size;if_status_flags flags;string if_name[64]
M	memif_dump	51077d14	memif	ffff	u32 client_index;u32 context
M	memif_socket_filename_add_del	a2ce1a10	memif	ffff	u32 client_index;u32 context;bool is_add;u32 socket_id;string socket_filename[108]
M	memif_socket_filename_add_del_reply	e8d4e804	memif	ffff	u32 context;i32 retval
M	memif_socket_filename_add_del_v2	34223bdf	memif	ffc0	u32 client_index;u32 context;bool is_add;u32 socket_id=4294967295;string socket_filename[]
M	memif_socket_filename_add_del_v2_reply	9f29bdb9	memif	ffc0	u32 context;i32 retval;u32 socket_id
M	memif_socket_filename_details	7ff326f7	memif	ffff	u32 context;u32 socket_id;string socket_filename[108]
M	memif_socket_filename_dump	51077d14	memif	ffff	u32 client_index;u32 context
M	mfib_signal_details	6f4a4cfb	ip	ffff	u32 context;interface_index sw_if_index;u32 table_id;mprefix prefix;u16 ip_packet_len;u8 ip_packet_data[256]
M	mfib_signal_dump	51077d14	ip	ffff	u32 client_index;u32 context
M	modify_vhost_user_if	0e71d40b	vhost_user	ffff	u32 client_index;u32 context;interface_index sw_if_index;bool is_server;string sock_filename[256];bool renumber;bool enable_gso;bool enable_packed;u32 custom_dev_instance
M	modify_vhost_user_if_reply	e8d4e804	vhost_user	ffff	u32 context;i32 retval
M	modify_vhost_user_if_v2	b2483771	vhost_user	ffff	u32 client_index;u32 context;interface_index sw_if_index;bool is_server;string sock_filename[256];bool renumber;bool enable_gso;bool enable_packed;bool enable_event_idx;u32 custom_dev_instance
M	modify_vhost_user_if_v2_reply	e8d4e804	vhost_user	ffff	u32 context;i32 retval
M	mpls_interface_details	0b45011c	mpls	ff80	u32 context;interface_index sw_if_index
M	mpls_interface_dump	f9e6675e	mpls	ff80	u32 client_index;u32 context;interface_index sw_if_index=4294967295
M	mpls_ip_bind_unbind	c7533b32	mpls	ffff	u32 client_index;u32 context;u32 mb_mpls_table_id;u32 mb_label;u32 mb_ip_table_id;bool mb_is_bind;prefix mb_prefix
M	mpls_ip_bind_unbind_reply	e8d4e804	mpls	ffff	u32 context;i32 retval
M	mpls_route_add_del	8e1d1e07	mpls	ffff	u32 client_index;u32 context;bool mr_is_add;bool mr_is_multipath;mpls_route mr_route
M	mpls_route_add_del_reply	1992deab	mpls	ffff	u32 context;i32 retval;u32 stats_index
M	mpls_route_details	9b5043dc	mpls	ffff	u32 context;mpls_route mr_route
M	mpls_route_dump	935fdefa	mpls	ffff	u32 client_index;u32 context;mpls_table table
M	mpls_table_add_del	57817512	mpls	ffff	u32 client_index;u32 context;bool mt_is_add=1;mpls_table mt_table
M	mpls_table_add_del_reply	e8d4e804	mpls	ffff	u32 context;i32 retval
M	mpls_table_details	f03ecdc8	mpls	ffff	u32 context;mpls_table mt_table
M	mpls_table_dump	51077d14	mpls	ffff	u32 client_index;u32 context
M	mpls_tunnel_add_del	44350ac1	mpls	ffff	u32 client_index;u32 context;bool mt_is_add=1;mpls_tunnel mt_tunnel
M	mpls_tunnel_add_del_reply	afb01472	mpls	ffff	u32 context;i32 retval;interface_index sw_if_index;u32 tunnel_index
M	mpls_tunnel_details	57118ae3	mpls	ffff	u32 context;mpls_tunnel mt_tunnel
M	mpls_tunnel_dump	f9e6675e	mpls	ffff	u32 client_index;u32 context;interface_index sw_if_index=4294967295
M	mrvl_pp2_create	3a108396	pp2	ffff	u32 client_index;u32 context;string if_name[64];u16 rx_q_sz;u16 tx_q_sz
M	mrvl_pp2_create_reply	5383d31f	pp2	ffff	u32 context;i32 retval;interface_index sw_if_index
M	mrvl_pp2_delete	f9e6675e	pp2	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	mrvl_pp2_delete_reply	e8d4e804	pp2	ffff	u32 context;i32 retval
M	mss_clamp_details	d3a4de61	mss_clamp	ffff	u32 context;interface_index sw_if_index;u16 ipv4_mss;u16 ipv6_mss;mss_clamp_dir ipv4_direction;mss_clamp_dir ipv6_direction
M	mss_clamp_enable_disable	d31b44e3	mss_clamp	ffff	u32 client_index;u32 context;interface_index sw_if_index;u16 ipv4_mss;u16 ipv6_mss;mss_clamp_dir ipv4_direction;mss_clamp_dir ipv6_direction
M	mss_clamp_enable_disable_reply	e8d4e804	mss_clamp	ffff	u32 context;i32 retval
M	mss_clamp_get	47250981	mss_clamp	ffff	u32 client_index;u32 context;u32 cursor;interface_index sw_if_index
M	mss_clamp_get_reply	53b48f5d	mss_clamp	ffff	u32 context;i32 retval;u32 cursor
M	nat44_add_del_address_range	6f2b8055	nat44_ed	ffff	u32 client_index;u32 context;ip4_address first_ip_address;ip4_address last_ip_address;u32 vrf_id;bool is_add;nat_config_flags flags
M	nat44_add_del_address_range_reply	e8d4e804	nat44_ed	ffff	u32 context;i32 retval
M	nat44_add_del_identity_mapping	02faaa22	nat44_ed	ffff	u32 client_index;u32 context;bool is_add;nat_config_flags flags;ip4_address ip_address;u8 protocol;u16 port;interface_index sw_if_index;u32 vrf_id;string tag[64]
M	nat44_add_del_identity_mapping_reply	e8d4e804	nat44_ed	ffff	u32 context;i32 retval
M	nat44_add_del_interface_addr	4aed50c0	nat44_ed	ffff	u32 client_index;u32 context;bool is_add;interface_index sw_if_index;nat_config_flags flags
M	nat44_add_del_interface_addr_reply	e8d4e804	nat44_ed	ffff	u32 context;i32 retval
M	nat44_add_del_lb_static_mapping	4f68ee9d	nat44_ed	ffff	u32 client_index;u32 context;bool is_add;nat_config_flags flags;ip4_address external_addr;u16 external_port;u8 protocol;u32 affinity;string tag[64];u32 local_num;nat44_lb_addr_port locals[@local_num]
M	nat44_add_del_lb_static_mapping_reply	e8d4e804	nat44_ed	ffff	u32 context;i32 retval
M	nat44_add_del_static_mapping	5ae5f03e	nat44_ed	ffff	u32 client_index;u32 context;bool is_add;nat_config_flags flags;ip4_address local_ip_address;ip4_address external_ip_address;u8 protocol;u16 local_port;u16 external_port;interface_index external_sw_if_index;u32 vrf_id;string tag[64]
M	nat44_add_del_static_mapping_reply	e8d4e804	nat44_ed	ffff	u32 context;i32 retval
M	nat44_add_del_static_mapping_v2	5e205f1a	nat44_ed	ffff	u32 client_index;u32 context;bool is_add;bool match_pool;nat_config_flags flags;ip4_address pool_ip_address;ip4_address local_ip_address;ip4_address external_ip_address;u8 protocol;u16 local_port;u16 external_port;interface_index external_sw_if_index;u32 vrf_id;string tag[64]
M	nat44_add_del_static_mapping_v2_reply	e8d4e804	nat44_ed	ffff	u32 context;i32 retval
M	nat44_address_details	0d1beac1	nat44_ed	ffff	u32 context;ip4_address ip_address;nat_config_flags flags;u32 vrf_id
M	nat44_address_dump	51077d14	nat44_ed	ffff	u32 client_index;u32 context
M	nat44_del_session	15a5bf8c	nat44_ed	ffff	u32 client_index;u32 context;ip4_address address;u8 protocol;u16 port;u32 vrf_id;nat_config_flags flags;ip4_address ext_host_address;u16 ext_host_port
M	nat44_del_session_reply	e8d4e804	nat44_ed	ffff	u32 context;i32 retval
M	nat44_del_user	99a9f998	nat44_ed	1f	u32 client_index;u32 context;ip4_address ip_address;u32 fib_index
M	nat44_del_user_reply	e8d4e804	nat44_ed	1f	u32 context;i32 retval
M	nat44_ed_add_del_output_interface	47d6e753	nat44_ed	fffc	u32 client_index;u32 context;bool is_add;interface_index sw_if_index
M	nat44_ed_add_del_output_interface_reply	e8d4e804	nat44_ed	fffc	u32 context;i32 retval
M	nat44_ed_add_del_vrf_route	59187407	nat44_ed	fff8	u32 client_index;u32 context;u32 table_vrf_id;u32 vrf_id;bool is_add
M	nat44_ed_add_del_vrf_route_reply	e8d4e804	nat44_ed	fff8	u32 context;i32 retval
M	nat44_ed_add_del_vrf_table	08330904	nat44_ed	fff8	u32 client_index;u32 context;u32 table_vrf_id;bool is_add
M	nat44_ed_add_del_vrf_table_reply	e8d4e804	nat44_ed	fff8	u32 context;i32 retval
M	nat44_ed_output_interface_details	0b45011c	nat44_ed	fffc	u32 context;interface_index sw_if_index
M	nat44_ed_output_interface_get	f75ba505	nat44_ed	fffc	u32 client_index;u32 context;u32 cursor
M	nat44_ed_output_interface_get_reply	53b48f5d	nat44_ed	fffc	u32 context;i32 retval;u32 cursor
M	nat44_ed_plugin_enable_disable	be17f8dd	nat44_ed	ffff	u32 client_index;u32 context;u32 inside_vrf;u32 outside_vrf;u32 sessions;u32 session_memory;bool enable;nat44_config_flags flags
M	nat44_ed_plugin_enable_disable_reply	e8d4e804	nat44_ed	ffff	u32 context;i32 retval
M	nat44_ed_set_fq_options	2399bd71	nat44_ed	ffff	u32 client_index;u32 context;u32 frame_queue_nelts
M	nat44_ed_set_fq_options_reply	e8d4e804	nat44_ed	ffff	u32 context;i32 retval
M	nat44_ed_show_fq_options	51077d14	nat44_ed	ffff	u32 client_index;u32 context
M	nat44_ed_show_fq_options_reply	7213b545	nat44_ed	ffff	u32 context;i32 retval;u32 frame_queue_nelts
M	nat44_ed_vrf_tables_details	7b264e4f	nat44_ed	fff8	u32 context;u32 table_vrf_id;u32 n_vrf_ids;u32 vrf_ids[@n_vrf_ids]
M	nat44_ed_vrf_tables_dump	51077d14	nat44_ed	fff8	u32 client_index;u32 context
M	nat44_ed_vrf_tables_v2_details	7b264e4f	nat44_ed	ffc0	u32 context;u32 table_vrf_id;u32 n_vrf_ids;u32 vrf_ids[@n_vrf_ids]
M	nat44_ed_vrf_tables_v2_dump	51077d14	nat44_ed	ffc0	u32 client_index;u32 context
M	nat44_ei_add_del_address_range	35f21abc	nat44_ei	ffff	u32 client_index;u32 context;ip4_address first_ip_address;ip4_address last_ip_address;u32 vrf_id;bool is_add
M	nat44_ei_add_del_address_range_reply	e8d4e804	nat44_ei	ffff	u32 context;i32 retval
M	nat44_ei_add_del_identity_mapping	cb8606b9	nat44_ei	ffff	u32 client_index;u32 context;bool is_add;nat44_ei_config_flags flags;ip4_address ip_address;u8 protocol;u16 port;interface_index sw_if_index;u32 vrf_id;string tag[64]
M	nat44_ei_add_del_identity_mapping_reply	e8d4e804	nat44_ei	ffff	u32 context;i32 retval
M	nat44_ei_add_del_interface_addr	883abbcc	nat44_ei	ffff	u32 client_index;u32 context;bool is_add;interface_index sw_if_index;nat44_ei_config_flags flags
M	nat44_ei_add_del_interface_addr_reply	e8d4e804	nat44_ei	ffff	u32 context;i32 retval
M	nat44_ei_add_del_output_interface	47d6e753	nat44_ei	fffc	u32 client_index;u32 context;bool is_add;interface_index sw_if_index
M	nat44_ei_add_del_output_interface_reply	e8d4e804	nat44_ei	fffc	u32 context;i32 retval
M	nat44_ei_add_del_static_mapping	b404b7fe	nat44_ei	ffff	u32 client_index;u32 context;bool is_add;nat44_ei_config_flags flags;ip4_address local_ip_address;ip4_address external_ip_address;u8 protocol;u16 local_port;u16 external_port;interface_index external_sw_if_index;u32 vrf_id;string tag[64]
M	nat44_ei_add_del_static_mapping_reply	e8d4e804	nat44_ei	ffff	u32 context;i32 retval
M	nat44_ei_address_details	318f1202	nat44_ei	ffff	u32 context;ip4_address ip_address;u32 vrf_id
M	nat44_ei_address_dump	51077d14	nat44_ei	ffff	u32 client_index;u32 context
M	nat44_ei_del_session	74969ffe	nat44_ei	ffff	u32 client_index;u32 context;ip4_address address;u8 protocol;u16 port;u32 vrf_id;nat44_ei_config_flags flags;ip4_address ext_host_address;u16 ext_host_port
M	nat44_ei_del_session_reply	e8d4e804	nat44_ei	ffff	u32 context;i32 retval
M	nat44_ei_del_user	99a9f998	nat44_ei	ffff	u32 client_index;u32 context;ip4_address ip_address;u32 fib_index
M	nat44_ei_del_user_reply	e8d4e804	nat44_ei	ffff	u32 context;i32 retval
M	nat44_ei_forwarding_enable_disable	b3e225d2	nat44_ei	ffff	u32 client_index;u32 context;bool enable
M	nat44_ei_forwarding_enable_disable_reply	e8d4e804	nat44_ei	ffff	u32 context;i32 retval
M	nat44_ei_get_addr_and_port_alloc_alg	51077d14	nat44_ei	ffff	u32 client_index;u32 context
M	nat44_ei_get_addr_and_port_alloc_alg_reply	3607a7d0	nat44_ei	ffff	u32 context;i32 retval;u8 alg;u8 psid_offset;u8 psid_length;u16 psid;u16 start_port;u16 end_port
M	nat44_ei_get_mss_clamping	51077d14	nat44_ei	ffff	u32 client_index;u32 context
M	nat44_ei_get_mss_clamping_reply	1c0b2a78	nat44_ei	ffff	u32 context;i32 retval;u16 mss_value;bool enable
M	nat44_ei_ha_flush	51077d14	nat44_ei	ffff	u32 client_index;u32 context
M	nat44_ei_ha_flush_reply	e8d4e804	nat44_ei	ffff	u32 context;i32 retval
M	nat44_ei_ha_get_failover	51077d14	nat44_ei	ffff	u32 client_index;u32 context
M	nat44_ei_ha_get_failover_reply	a67d8752	nat44_ei	ffff	u32 context;i32 retval;ip4_address ip_address;u16 port;u32 session_refresh_interval
M	nat44_ei_ha_get_listener	51077d14	nat44_ei	ffff	u32 client_index;u32 context
M	nat44_ei_ha_get_listener_reply	123ea41f	nat44_ei	ffff	u32 context;i32 retval;ip4_address ip_address;u16 port;u32 path_mtu
M	nat44_ei_ha_resync	c8ab9e03	nat44_ei	ffff	u32 client_index;u32 context;u8 want_resync_event;u32 pid
M	nat44_ei_ha_resync_completed_event	fdc598fb	nat44_ei	ffff	u32 client_index;u32 pid;u32 missed_count
M	nat44_ei_ha_resync_reply	e8d4e804	nat44_ei	ffff	u32 context;i32 retval
M	nat44_ei_ha_set_failover	718246af	nat44_ei	ffff	u32 client_index;u32 context;ip4_address ip_address;u16 port;u32 session_refresh_interval
M	nat44_ei_ha_set_failover_reply	e8d4e804	nat44_ei	ffff	u32 context;i32 retval
M	nat44_ei_ha_set_listener	e4a8cb4e	nat44_ei	ffff	u32 client_index;u32 context;ip4_address ip_address;u16 port;u32 path_mtu
M	nat44_ei_ha_set_listener_reply	e8d4e804	nat44_ei	ffff	u32 context;i32 retval
M	nat44_ei_identity_mapping_details	30d53e26	nat44_ei	ffff	u32 context;nat44_ei_config_flags flags;ip4_address ip_address;u8 protocol;u16 port;interface_index sw_if_index;u32 vrf_id;string tag[64]
M	nat44_ei_identity_mapping_dump	51077d14	nat44_ei	ffff	u32 client_index;u32 context
M	nat44_ei_interface_add_del_feature	63a2db8b	nat44_ei	ffff	u32 client_index;u32 context;bool is_add;nat44_ei_config_flags flags;interface_index sw_if_index
M	nat44_ei_interface_add_del_feature_reply	e8d4e804	nat44_ei	ffff	u32 context;i32 retval
M	nat44_ei_interface_add_del_output_feature	63a2db8b	nat44_ei	ffff	u32 client_index;u32 context;bool is_add;nat44_ei_config_flags flags;interface_index sw_if_index
M	nat44_ei_interface_add_del_output_feature_reply	e8d4e804	nat44_ei	ffff	u32 context;i32 retval
M	nat44_ei_interface_addr_details	0b45011c	nat44_ei	ffff	u32 context;interface_index sw_if_index
M	nat44_ei_interface_addr_dump	51077d14	nat44_ei	ffff	u32 client_index;u32 context
M	nat44_ei_interface_details	f446e508	nat44_ei	ffff	u32 context;nat44_ei_config_flags flags;interface_index sw_if_index
M	nat44_ei_interface_dump	51077d14	nat44_ei	ffff	u32 client_index;u32 context
M	nat44_ei_interface_output_feature_details	f446e508	nat44_ei	ffff	u32 context;nat44_ei_config_flags flags;interface_index sw_if_index
M	nat44_ei_interface_output_feature_dump	51077d14	nat44_ei	ffff	u32 client_index;u32 context
M	nat44_ei_ipfix_enable_disable	9af4a2d2	nat44_ei	ffff	u32 client_index;u32 context;u32 domain_id;u16 src_port;bool enable
M	nat44_ei_ipfix_enable_disable_reply	e8d4e804	nat44_ei	ffff	u32 context;i32 retval
M	nat44_ei_output_interface_details	0b45011c	nat44_ei	fffc	u32 context;interface_index sw_if_index
M	nat44_ei_output_interface_get	f75ba505	nat44_ei	fffc	u32 client_index;u32 context;u32 cursor
M	nat44_ei_output_interface_get_reply	53b48f5d	nat44_ei	fffc	u32 context;i32 retval;u32 cursor
M	nat44_ei_plugin_enable_disable	bf692144	nat44_ei	ffff	u32 client_index;u32 context;u32 inside_vrf;u32 outside_vrf;u32 users;u32 user_memory;u32 sessions;u32 session_memory;u32 user_sessions;bool enable;nat44_ei_config_flags flags
M	nat44_ei_plugin_enable_disable_reply	e8d4e804	nat44_ei	ffff	u32 context;i32 retval
M	nat44_ei_set_addr_and_port_alloc_alg	deeb746f	nat44_ei	ffff	u32 client_index;u32 context;u8 alg;u8 psid_offset;u8 psid_length;u16 psid;u16 start_port;u16 end_port
M	nat44_ei_set_addr_and_port_alloc_alg_reply	e8d4e804	nat44_ei	ffff	u32 context;i32 retval
M	nat44_ei_set_fq_options	2399bd71	nat44_ei	ffff	u32 client_index;u32 context;u32 frame_queue_nelts
M	nat44_ei_set_fq_options_reply	e8d4e804	nat44_ei	ffff	u32 context;i32 retval
M	nat44_ei_set_log_level	70076bfe	nat44_ei	ffff	u32 client_index;u32 context;nat_log_level log_level
M	nat44_ei_set_log_level_reply	e8d4e804	nat44_ei	ffff	u32 context;i32 retval
M	nat44_ei_set_mss_clamping	25e90abb	nat44_ei	ffff	u32 client_index;u32 context;u16 mss_value;bool enable
M	nat44_ei_set_mss_clamping_reply	e8d4e804	nat44_ei	ffff	u32 context;i32 retval
M	nat44_ei_set_timeouts	d4746b16	nat44_ei	ffff	u32 client_index;u32 context;u32 udp;u32 tcp_established;u32 tcp_transitory;u32 icmp
M	nat44_ei_set_timeouts_reply	e8d4e804	nat44_ei	ffff	u32 context;i32 retval
M	nat44_ei_set_workers	da926638	nat44_ei	ffff	u32 client_index;u32 context;u64 worker_mask
M	nat44_ei_set_workers_reply	e8d4e804	nat44_ei	ffff	u32 context;i32 retval
M	nat44_ei_show_fq_options	51077d14	nat44_ei	ffff	u32 client_index;u32 context
M	nat44_ei_show_fq_options_reply	7213b545	nat44_ei	ffff	u32 context;i32 retval;u32 frame_queue_nelts
M	nat44_ei_show_running_config	51077d14	nat44_ei	ffff	u32 client_index;u32 context
M	nat44_ei_show_running_config_reply	41b66a81	nat44_ei	ffff	u32 context;i32 retval;u32 inside_vrf;u32 outside_vrf;u32 users;u32 sessions;u32 user_sessions;u32 user_buckets;u32 translation_buckets;bool forwarding_enabled;bool ipfix_logging_enabled;nat_timeouts timeouts;nat_log_level log_level;nat44_ei_config_flags flags
M	nat44_ei_static_mapping_details	6b51ca6e	nat44_ei	ffff	u32 context;nat44_ei_config_flags flags;ip4_address local_ip_address;ip4_address external_ip_address;u8 protocol;u16 local_port;u16 external_port;interface_index external_sw_if_index;u32 vrf_id;string tag[64]
M	nat44_ei_static_mapping_dump	51077d14	nat44_ei	ffff	u32 client_index;u32 context
M	nat44_ei_user_details	355896c2	nat44_ei	ffff	u32 context;u32 vrf_id;ip4_address ip_address;u32 nsessions;u32 nstaticsessions
M	nat44_ei_user_dump	51077d14	nat44_ei	ffff	u32 client_index;u32 context
M	nat44_ei_user_session_details	19b7c0ac	nat44_ei	ffff	u32 context;ip4_address outside_ip_address;u16 outside_port;ip4_address inside_ip_address;u16 inside_port;u16 protocol;nat44_ei_config_flags flags;u64 last_heard;u64 total_bytes;u32 total_pkts;ip4_address ext_host_address;u16 ext_host_port
M	nat44_ei_user_session_dump	e1899c98	nat44_ei	ffff	u32 client_index;u32 context;ip4_address ip_address;u32 vrf_id
M	nat44_ei_user_session_v2_details	5bd3e9d6	nat44_ei	ffe0	u32 context;ip4_address outside_ip_address;u16 outside_port;ip4_address inside_ip_address;u16 inside_port;u16 protocol;nat44_ei_config_flags flags;u64 last_heard;u64 time_since_last_heard;u64 total_bytes;u32 total_pkts;ip4_address ext_host_address;u16 ext_host_port
M	nat44_ei_user_session_v2_dump	e1899c98	nat44_ei	ffe0	u32 client_index;u32 context;ip4_address ip_address;u32 vrf_id
M	nat44_ei_worker_details	84bf06fc	nat44_ei	ffff	u32 context;u32 worker_index;u32 lcore_id;string name[64]
M	nat44_ei_worker_dump	51077d14	nat44_ei	ffff	u32 client_index;u32 context
M	nat44_forwarding_enable_disable	b3e225d2	nat44_ed	ffff	u32 client_index;u32 context;bool enable
M	nat44_forwarding_enable_disable_reply	e8d4e804	nat44_ed	ffff	u32 context;i32 retval
M	nat44_forwarding_is_enabled	51077d14	nat44_ed	7	u32 client_index;u32 context
M	nat44_forwarding_is_enabled_reply	46924a06	nat44_ed	7	u32 context;bool enabled
M	nat44_identity_mapping_details	2a52a030	nat44_ed	ffff	u32 context;nat_config_flags flags;ip4_address ip_address;u8 protocol;u16 port;interface_index sw_if_index;u32 vrf_id;string tag[64]
M	nat44_identity_mapping_dump	51077d14	nat44_ed	ffff	u32 client_index;u32 context
M	nat44_interface_add_del_feature	f3699b83	nat44_ed	ffff	u32 client_index;u32 context;bool is_add;nat_config_flags flags;interface_index sw_if_index
M	nat44_interface_add_del_feature_reply	e8d4e804	nat44_ed	ffff	u32 context;i32 retval
M	nat44_interface_add_del_output_feature	f3699b83	nat44_ed	7	u32 client_index;u32 context;bool is_add;nat_config_flags flags;interface_index sw_if_index
M	nat44_interface_add_del_output_feature_reply	e8d4e804	nat44_ed	7	u32 context;i32 retval
M	nat44_interface_addr_details	e4aca9ca	nat44_ed	ffff	u32 context;interface_index sw_if_index;nat_config_flags flags
M	nat44_interface_addr_dump	51077d14	nat44_ed	ffff	u32 client_index;u32 context
M	nat44_interface_details	5d286289	nat44_ed	ffff	u32 context;nat_config_flags flags;interface_index sw_if_index
M	nat44_interface_dump	51077d14	nat44_ed	ffff	u32 client_index;u32 context
M	nat44_interface_output_feature_details	5d286289	nat44_ed	7	u32 context;nat_config_flags flags;interface_index sw_if_index
M	nat44_interface_output_feature_dump	51077d14	nat44_ed	7	u32 client_index;u32 context
M	nat44_lb_static_mapping_add_del_local	7ca47547	nat44_ed	ffff	u32 client_index;u32 context;bool is_add;ip4_address external_addr;u16 external_port;u8 protocol;nat44_lb_addr_port local
M	nat44_lb_static_mapping_add_del_local_reply	e8d4e804	nat44_ed	ffff	u32 context;i32 retval
M	nat44_lb_static_mapping_details	ed5ce876	nat44_ed	ffff	u32 context;ip4_address external_addr;u16 external_port;u8 protocol;nat_config_flags flags;u32 affinity;string tag[64];u32 local_num;nat44_lb_addr_port locals[@local_num]
M	nat44_lb_static_mapping_dump	51077d14	nat44_ed	ffff	u32 client_index;u32 context
M	nat44_plugin_enable_disable	dea0d501	nat44_ed	7	u32 client_index;u32 context;u32 inside_vrf;u32 outside_vrf;u32 users;u32 user_memory;u32 sessions;u32 session_memory;u32 user_sessions;bool enable;nat44_config_flags flags
M	nat44_plugin_enable_disable_reply	e8d4e804	nat44_ed	7	u32 context;i32 retval
M	nat44_session_cleanup	51077d14	nat44_ed	7	u32 client_index;u32 context
M	nat44_session_cleanup_reply	e8d4e804	nat44_ed	7	u32 context;i32 retval
M	nat44_set_session_limit	8899bbb1	nat44_ed	ffff	u32 client_index;u32 context;u32 session_limit;u32 vrf_id
M	nat44_set_session_limit_reply	e8d4e804	nat44_ed	ffff	u32 context;i32 retval
M	nat44_show_running_config	51077d14	nat44_ed	ffff	u32 client_index;u32 context
M	nat44_show_running_config_reply	93d8e267	nat44_ed	ffff	u32 context;i32 retval;u32 inside_vrf;u32 outside_vrf;u32 users;u32 sessions;u32 user_sessions;u32 user_buckets;u32 translation_buckets;bool forwarding_enabled;bool ipfix_logging_enabled;nat_timeouts timeouts;nat_log_level log_level;nat44_config_flags flags
M	nat44_static_mapping_details	06cb40b2	nat44_ed	ffff	u32 context;nat_config_flags flags;ip4_address local_ip_address;ip4_address external_ip_address;u8 protocol;u16 local_port;u16 external_port;interface_index external_sw_if_index;u32 vrf_id;string tag[64]
M	nat44_static_mapping_dump	51077d14	nat44_ed	ffff	u32 client_index;u32 context
M	nat44_user_details	355896c2	nat44_ed	ffff	u32 context;u32 vrf_id;ip4_address ip_address;u32 nsessions;u32 nstaticsessions
M	nat44_user_dump	51077d14	nat44_ed	ffff	u32 client_index;u32 context
M	nat44_user_session_details	2cf6e16d	nat44_ed	ffff	u32 context;ip4_address outside_ip_address;u16 outside_port;ip4_address inside_ip_address;u16 inside_port;u16 protocol;nat_config_flags flags;u64 last_heard;u64 total_bytes;u32 total_pkts;ip4_address ext_host_address;u16 ext_host_port;ip4_address ext_host_nat_address;u16 ext_host_nat_port
M	nat44_user_session_dump	e1899c98	nat44_ed	ffff	u32 client_index;u32 context;ip4_address ip_address;u32 vrf_id
M	nat44_user_session_v2_details	fd42b729	nat44_ed	fffc	u32 context;ip4_address outside_ip_address;u16 outside_port;ip4_address inside_ip_address;u16 inside_port;u16 protocol;nat_config_flags flags;u64 last_heard;u64 total_bytes;u32 total_pkts;ip4_address ext_host_address;u16 ext_host_port;ip4_address ext_host_nat_address;u16 ext_host_nat_port;bool is_timed_out
M	nat44_user_session_v2_dump	e1899c98	nat44_ed	fffc	u32 client_index;u32 context;ip4_address ip_address;u32 vrf_id
M	nat44_user_session_v3_details	edae926e	nat44_ed	ffe0	u32 context;ip4_address outside_ip_address;u16 outside_port;ip4_address inside_ip_address;u16 inside_port;u16 protocol;nat_config_flags flags;u64 last_heard;u64 time_since_last_heard;u64 total_bytes;u32 total_pkts;ip4_address ext_host_address;u16 ext_host_port;ip4_address ext_host_nat_address;u16 ext_host_nat_port;bool is_timed_out
M	nat44_user_session_v3_dump	e1899c98	nat44_ed	ffe0	u32 client_index;u32 context;ip4_address ip_address;u32 vrf_id
M	nat64_add_del_interface	f3699b83	nat64	ffff	u32 client_index;u32 context;bool is_add;nat_config_flags flags;interface_index sw_if_index
M	nat64_add_del_interface_addr	47d6e753	nat64	ffff	u32 client_index;u32 context;bool is_add;interface_index sw_if_index
M	nat64_add_del_interface_addr_reply	e8d4e804	nat64	ffff	u32 context;i32 retval
M	nat64_add_del_interface_reply	e8d4e804	nat64	ffff	u32 context;i32 retval
M	nat64_add_del_pool_addr_range	a3b944e3	nat64	ffff	u32 client_index;u32 context;ip4_address start_addr;ip4_address end_addr;u32 vrf_id;bool is_add
M	nat64_add_del_pool_addr_range_reply	e8d4e804	nat64	ffff	u32 context;i32 retval
M	nat64_add_del_prefix	727b2f4c	nat64	ffff	u32 client_index;u32 context;ip6_prefix prefix;u32 vrf_id;bool is_add
M	nat64_add_del_prefix_reply	e8d4e804	nat64	ffff	u32 context;i32 retval
M	nat64_add_del_static_bib	1c404de5	nat64	ffff	u32 client_index;u32 context;ip6_address i_addr;ip4_address o_addr;u16 i_port;u16 o_port;u32 vrf_id;u8 proto;bool is_add
M	nat64_add_del_static_bib_reply	e8d4e804	nat64	ffff	u32 context;i32 retval
M	nat64_bib_details	43bc3ddf	nat64	ffff	u32 context;ip6_address i_addr;ip4_address o_addr;u16 i_port;u16 o_port;u32 vrf_id;u8 proto;nat_config_flags flags;u32 ses_num
M	nat64_bib_dump	cfcb6b75	nat64	ffff	u32 client_index;u32 context;u8 proto
M	nat64_get_timeouts	51077d14	nat64	ffff	u32 client_index;u32 context
M	nat64_get_timeouts_reply	3c4df4e1	nat64	ffff	u32 context;i32 retval;u32 udp;u32 tcp_established;u32 tcp_transitory;u32 icmp
M	nat64_interface_details	5d286289	nat64	ffff	u32 context;nat_config_flags flags;interface_index sw_if_index
M	nat64_interface_dump	51077d14	nat64	ffff	u32 client_index;u32 context
M	nat64_plugin_enable_disable	45948b90	nat64	ffff	u32 client_index;u32 context;u32 bib_buckets;u32 bib_memory_size;u32 st_buckets;u32 st_memory_size;bool enable
M	nat64_plugin_enable_disable_reply	e8d4e804	nat64	ffff	u32 context;i32 retval
M	nat64_pool_addr_details	9bb99cdb	nat64	ffff	u32 context;ip4_address address;u32 vrf_id
M	nat64_pool_addr_dump	51077d14	nat64	ffff	u32 client_index;u32 context
M	nat64_prefix_details	20568de3	nat64	ffff	u32 context;ip6_prefix prefix;u32 vrf_id
M	nat64_prefix_dump	51077d14	nat64	ffff	u32 client_index;u32 context
M	nat64_set_timeouts	d4746b16	nat64	ffff	u32 client_index;u32 context;u32 udp;u32 tcp_established;u32 tcp_transitory;u32 icmp
M	nat64_set_timeouts_reply	e8d4e804	nat64	ffff	u32 context;i32 retval
M	nat64_st_details	dd3361ed	nat64	ffff	u32 context;ip6_address il_addr;ip4_address ol_addr;u16 il_port;u16 ol_port;ip6_address ir_addr;ip4_address or_addr;u16 r_port;u32 vrf_id;u8 proto
M	nat64_st_dump	cfcb6b75	nat64	ffff	u32 client_index;u32 context;u8 proto
M	nat66_add_del_interface	f3699b83	nat66	ffff	u32 client_index;u32 context;bool is_add;nat_config_flags flags;interface_index sw_if_index
M	nat66_add_del_interface_reply	e8d4e804	nat66	ffff	u32 context;i32 retval
M	nat66_add_del_static_mapping	3ed88f71	nat66	ffff	u32 client_index;u32 context;bool is_add;ip6_address local_ip_address;ip6_address external_ip_address;u32 vrf_id
M	nat66_add_del_static_mapping_reply	e8d4e804	nat66	ffff	u32 context;i32 retval
M	nat66_interface_details	5d286289	nat66	ffff	u32 context;nat_config_flags flags;interface_index sw_if_index
M	nat66_interface_dump	51077d14	nat66	ffff	u32 client_index;u32 context
M	nat66_plugin_enable_disable	56f2f83b	nat66	ffff	u32 client_index;u32 context;u32 outside_vrf;bool enable
M	nat66_plugin_enable_disable_reply	e8d4e804	nat66	ffff	u32 context;i32 retval
M	nat66_static_mapping_details	df39654b	nat66	ffff	u32 context;ip6_address local_ip_address;ip6_address external_ip_address;u32 vrf_id;u64 total_bytes;u64 total_pkts
M	nat66_static_mapping_dump	51077d14	nat66	ffff	u32 client_index;u32 context
M	nat_control_ping	51077d14	nat44_ed	7	u32 client_index;u32 context
M	nat_control_ping_reply	f6b0b8ca	nat44_ed	7	u32 context;i32 retval;u32 client_index;u32 vpe_pid
M	nat_det_add_del_map	1150a190	det44	ffff	u32 client_index;u32 context;bool is_add;ip4_address in_addr;u8 in_plen;ip4_address out_addr;u8 out_plen
M	nat_det_add_del_map_reply	e8d4e804	det44	ffff	u32 context;i32 retval
M	nat_det_close_session_in	3c68e073	det44	ffff	u32 client_index;u32 context;ip4_address in_addr;u16 in_port;ip4_address ext_addr;u16 ext_port
M	nat_det_close_session_in_reply	e8d4e804	det44	ffff	u32 context;i32 retval
M	nat_det_close_session_out	f6b259d1	det44	ffff	u32 client_index;u32 context;ip4_address out_addr;u16 out_port;ip4_address ext_addr;u16 ext_port
M	nat_det_close_session_out_reply	e8d4e804	det44	ffff	u32 context;i32 retval
M	nat_det_forward	7f8a89cd	det44	ffff	u32 client_index;u32 context;ip4_address in_addr
M	nat_det_forward_reply	a8ccbdc0	det44	ffff	u32 context;i32 retval;u16 out_port_lo;u16 out_port_hi;ip4_address out_addr
M	nat_det_map_details	ad91dc83	det44	ffff	u32 context;ip4_address in_addr;u8 in_plen;ip4_address out_addr;u8 out_plen;u32 sharing_ratio;u16 ports_per_host;u32 ses_num
M	nat_det_map_dump	51077d14	det44	ffff	u32 client_index;u32 context
M	nat_det_reverse	a7573fe1	det44	ffff	u32 client_index;u32 context;u16 out_port;ip4_address out_addr
M	nat_det_reverse_reply	34066d48	det44	ffff	u32 context;i32 retval;ip4_address in_addr
M	nat_det_session_details	27f3c171	det44	ffff	u32 context;u16 in_port;ip4_address ext_addr;u16 ext_port;u16 out_port;u8 state;u32 expire
M	nat_det_session_dump	e45a3af7	det44	ffff	u32 client_index;u32 context;ip4_address user_addr
M	nat_get_addr_and_port_alloc_alg	51077d14	nat44_ed	1f	u32 client_index;u32 context
M	nat_get_addr_and_port_alloc_alg_reply	3607a7d0	nat44_ed	1f	u32 context;i32 retval;u8 alg;u8 psid_offset;u8 psid_length;u16 psid;u16 start_port;u16 end_port
M	nat_get_mss_clamping	51077d14	nat44_ed	ffff	u32 client_index;u32 context
M	nat_get_mss_clamping_reply	1c0b2a78	nat44_ed	ffff	u32 context;i32 retval;u16 mss_value;bool enable
M	nat_get_timeouts	51077d14	nat44_ed	7	u32 client_index;u32 context
M	nat_get_timeouts_reply	3c4df4e1	nat44_ed	7	u32 context;i32 retval;u32 udp;u32 tcp_established;u32 tcp_transitory;u32 icmp
M	nat_ha_flush	51077d14	nat44_ed	1f	u32 client_index;u32 context
M	nat_ha_flush_reply	e8d4e804	nat44_ed	1f	u32 context;i32 retval
M	nat_ha_get_failover	51077d14	nat44_ed	1f	u32 client_index;u32 context
M	nat_ha_get_failover_reply	a67d8752	nat44_ed	1f	u32 context;i32 retval;ip4_address ip_address;u16 port;u32 session_refresh_interval
M	nat_ha_get_listener	51077d14	nat44_ed	1f	u32 client_index;u32 context
M	nat_ha_get_listener_reply	123ea41f	nat44_ed	1f	u32 context;i32 retval;ip4_address ip_address;u16 port;u32 path_mtu
M	nat_ha_resync	c8ab9e03	nat44_ed	1f	u32 client_index;u32 context;u8 want_resync_event;u32 pid
M	nat_ha_resync_completed_event	fdc598fb	nat44_ed	1f	u32 client_index;u32 pid;u32 missed_count
M	nat_ha_resync_reply	e8d4e804	nat44_ed	1f	u32 context;i32 retval
M	nat_ha_set_failover	718246af	nat44_ed	1f	u32 client_index;u32 context;ip4_address ip_address;u16 port;u32 session_refresh_interval
M	nat_ha_set_failover_reply	e8d4e804	nat44_ed	1f	u32 context;i32 retval
M	nat_ha_set_listener	e4a8cb4e	nat44_ed	1f	u32 client_index;u32 context;ip4_address ip_address;u16 port;u32 path_mtu
M	nat_ha_set_listener_reply	e8d4e804	nat44_ed	1f	u32 context;i32 retval
M	nat_ipfix_enable_disable	9af4a2d2	nat44_ed	ffff	u32 client_index;u32 context;u32 domain_id;u16 src_port;bool enable
M	nat_ipfix_enable_disable_reply	e8d4e804	nat44_ed	ffff	u32 context;i32 retval
M	nat_set_addr_and_port_alloc_alg	deeb746f	nat44_ed	1f	u32 client_index;u32 context;u8 alg;u8 psid_offset;u8 psid_length;u16 psid;u16 start_port;u16 end_port
M	nat_set_addr_and_port_alloc_alg_reply	e8d4e804	nat44_ed	1f	u32 context;i32 retval
M	nat_set_log_level	70076bfe	nat44_ed	7	u32 client_index;u32 context;nat_log_level log_level
M	nat_set_log_level_reply	e8d4e804	nat44_ed	7	u32 context;i32 retval
M	nat_set_mss_clamping	25e90abb	nat44_ed	ffff	u32 client_index;u32 context;u16 mss_value;bool enable
M	nat_set_mss_clamping_reply	e8d4e804	nat44_ed	ffff	u32 context;i32 retval
M	nat_set_timeouts	d4746b16	nat44_ed	ffff	u32 client_index;u32 context;u32 udp;u32 tcp_established;u32 tcp_transitory;u32 icmp
M	nat_set_timeouts_reply	e8d4e804	nat44_ed	ffff	u32 context;i32 retval
M	nat_set_workers	da926638	nat44_ed	ffff	u32 client_index;u32 context;u64 worker_mask
M	nat_set_workers_reply	e8d4e804	nat44_ed	ffff	u32 context;i32 retval
M	nat_show_config	51077d14	nat44_ed	7	u32 client_index;u32 context
M	nat_show_config_2	51077d14	nat44_ed	7	u32 client_index;u32 context
M	nat_show_config_2_reply	0404a5b4	nat44_ed	7	u32 context;i32 retval;bool static_mapping_only;bool static_mapping_connection_tracking;bool deterministic;bool endpoint_dependent;bool out2in_dpo;bool dslite_ce;u32 translation_buckets;u64 translation_memory_size;u32 user_buckets;u64 user_memory_size;u32 max_translations_per_user;u32 outside_vrf_id;u32 inside_vrf_id;u32 nat64_bib_buckets;u64 nat64_bib_memory_size;u32 nat64_st_buckets;u64 nat64_st_memory_size;u32 max_translations_per_thread;u32 max_users_per_thread
M	nat_show_config_reply	7903ef06	nat44_ed	7	u32 context;i32 retval;bool static_mapping_only;bool static_mapping_connection_tracking;bool deterministic;bool endpoint_dependent;bool out2in_dpo;bool dslite_ce;u32 translation_buckets;u32 translation_memory_size;u32 user_buckets;u64 user_memory_size;u32 max_translations_per_user;u32 outside_vrf_id;u32 inside_vrf_id;u32 nat64_bib_buckets;u64 nat64_bib_memory_size;u32 nat64_st_buckets;u64 nat64_st_memory_size
M	nat_worker_details	84bf06fc	nat44_ed	ffff	u32 context;u32 worker_index;u32 lcore_id;string name[64]
M	nat_worker_dump	51077d14	nat44_ed	ffff	u32 client_index;u32 context
M	netmap_create	5299044e	netmap	fe00	u32 client_index;u32 context;u8 netmap_if_name[64];u8 hw_addr[6];u8 use_random_hw_addr;u8 is_pipe;u8 is_master
M	netmap_create_reply	e8d4e804	netmap	fe00	u32 context;i32 retval
M	netmap_delete	a8b6c201	netmap	fe00	u32 client_index;u32 context;u8 netmap_if_name[64]
M	netmap_delete_reply	e8d4e804	netmap	fe00	u32 context;i32 retval
M	npol_configure_policies	66fe1335	npol	c000	u32 client_index;u32 context;u32 sw_if_index;u32 num_rx_policies;u32 num_tx_policies;u32 total_ids;u8 invert_rx_tx;npol_policy_default policy_default_rx;npol_policy_default policy_default_tx;npol_policy_default profile_default_rx;npol_policy_default profile_default_tx;u32 policy_ids[@total_ids]
M	npol_configure_policies_reply	e8d4e804	npol	c000	u32 context;i32 retval
M	npol_get_version	51077d14	npol	c000	u32 client_index;u32 context
M	npol_get_version_reply	9b32cf86	npol	c000	u32 context;u32 major;u32 minor
M	npol_ipset_add_del_members	8ad1b2ed	npol	c000	u32 client_index;u32 context;u32 set_id;bool is_add;u32 len;npol_ipset_member members[@len]
M	npol_ipset_add_del_members_reply	e8d4e804	npol	c000	u32 context;i32 retval
M	npol_ipset_create	f948b404	npol	c000	u32 client_index;u32 context;npol_ipset_type type
M	npol_ipset_create_reply	6a43f193	npol	c000	u32 context;i32 retval;u32 set_id
M	npol_ipset_delete	ceacdbcb	npol	c000	u32 client_index;u32 context;u32 set_id
M	npol_ipset_delete_reply	e8d4e804	npol	c000	u32 context;i32 retval
M	npol_policy_create	3441bb97	npol	c000	u32 client_index;u32 context;u32 num_items;npol_policy_item rules[@num_items]
M	npol_policy_create_reply	90f27405	npol	c000	u32 context;i32 retval;u32 policy_id
M	npol_policy_delete	ad833868	npol	c000	u32 client_index;u32 context;u32 policy_id
M	npol_policy_delete_reply	e8d4e804	npol	c000	u32 context;i32 retval
M	npol_policy_update	21a5f7ef	npol	c000	u32 client_index;u32 context;u32 policy_id;u32 num_items;npol_policy_item rules[@num_items]
M	npol_policy_update_reply	e8d4e804	npol	c000	u32 context;i32 retval
M	npol_rule_create	f113de45	npol	c000	u32 client_index;u32 context;npol_rule rule
M	npol_rule_create_reply	b48f8052	npol	c000	u32 context;i32 retval;u32 rule_id
M	npol_rule_delete	d19bb6be	npol	c000	u32 client_index;u32 context;u32 rule_id
M	npol_rule_delete_reply	e8d4e804	npol	c000	u32 context;i32 retval
M	npol_rule_update	e38bffe2	npol	c000	u32 client_index;u32 context;u32 rule_id;npol_rule rule
M	npol_rule_update_reply	e8d4e804	npol	c000	u32 context;i32 retval
M	npt66_binding_add_del	8aa10a52	npt66	ff80	u32 client_index;u32 context;bool is_add;interface_index sw_if_index;ip6_prefix internal;ip6_prefix external
M	npt66_binding_add_del_reply	e8d4e804	npt66	ff80	u32 context;i32 retval
M	nsh_add_del_entry	7dea480b	nsh	ffff	u32 client_index;u32 context;bool is_add;u32 nsp_nsi;u8 md_type;u8 ver_o_c;u8 ttl;u8 length;u8 next_protocol;u32 c1;u32 c2;u32 c3;u32 c4;u8 tlv_length;u8 tlv[248]
M	nsh_add_del_entry_reply	6296a9eb	nsh	ffff	u32 context;i32 retval;u32 entry_index
M	nsh_add_del_map	0a0f42b0	nsh	ffff	u32 client_index;u32 context;bool is_add;u32 nsp_nsi;u32 mapped_nsp_nsi;u32 nsh_action;interface_index sw_if_index;interface_index rx_sw_if_index;u32 next_node
M	nsh_add_del_map_reply	b2b127ef	nsh	ffff	u32 context;i32 retval;u32 map_index
M	nsh_entry_details	046fb556	nsh	ffff	u32 context;u32 entry_index;u32 nsp_nsi;u8 md_type;u8 ver_o_c;u8 ttl;u8 length;u8 next_protocol;u32 c1;u32 c2;u32 c3;u32 c4;u8 tlv_length;u8 tlv[248]
M	nsh_entry_dump	cdaf8ccb	nsh	ffff	u32 client_index;u32 context;u32 entry_index
M	nsh_map_details	2fefcf49	nsh	ffff	u32 context;u32 map_index;u32 nsp_nsi;u32 mapped_nsp_nsi;u32 nsh_action;interface_index sw_if_index;interface_index rx_sw_if_index;u32 next_node
M	nsh_map_dump	8fc06b82	nsh	ffff	u32 client_index;u32 context;u32 map_index
M	nsim_configure	16ed400f	nsim	ffff	u32 client_index;u32 context;u32 delay_in_usec;u32 average_packet_size;u64 bandwidth_in_bits_per_second;u32 packets_per_drop
M	nsim_configure2	64de8ed3	nsim	ffff	u32 client_index;u32 context;u32 delay_in_usec;u32 average_packet_size;u64 bandwidth_in_bits_per_second;u32 packets_per_drop;u32 packets_per_reorder
M	nsim_configure2_reply	e8d4e804	nsim	ffff	u32 context;i32 retval
M	nsim_configure_reply	e8d4e804	nsim	ffff	u32 context;i32 retval
M	nsim_cross_connect_enable_disable	9c3ead86	nsim	ffff	u32 client_index;u32 context;bool enable_disable;interface_index sw_if_index0;interface_index sw_if_index1
M	nsim_cross_connect_enable_disable_reply	e8d4e804	nsim	ffff	u32 context;i32 retval
M	nsim_output_feature_enable_disable	3865946c	nsim	ffff	u32 client_index;u32 context;bool enable_disable;interface_index sw_if_index
M	nsim_output_feature_enable_disable_reply	e8d4e804	nsim	ffff	u32 context;i32 retval
M	oddbuf_enable_disable	3865946c	oddbuf	ffff	u32 client_index;u32 context;bool enable_disable;interface_index sw_if_index
M	oddbuf_enable_disable_reply	e8d4e804	oddbuf	ffff	u32 context;i32 retval
M	one_add_del_adjacency	9e830312	one	ffff	u32 client_index;u32 context;u8 is_add;u32 vni;eid reid;eid leid
M	one_add_del_adjacency_reply	e8d4e804	one	ffff	u32 context;i32 retval
M	one_add_del_l2_arp_entry	1aa5e8b3	one	ffff	u32 client_index;u32 context;bool is_add=1;u32 bd;one_l2_arp_entry entry
M	one_add_del_l2_arp_entry_reply	e8d4e804	one	ffff	u32 context;i32 retval
M	one_add_del_local_eid	4e5a83a2	one	ffff	u32 client_index;u32 context;bool is_add=1;eid eid;string locator_set_name[64];u32 vni;hmac_key key
M	one_add_del_local_eid_reply	e8d4e804	one	ffff	u32 context;i32 retval
M	one_add_del_locator	af4d8f13	one	ffff	u32 client_index;u32 context;bool is_add=1;string locator_set_name[64];interface_index sw_if_index;u8 priority;u8 weight
M	one_add_del_locator_reply	e8d4e804	one	ffff	u32 context;i32 retval
M	one_add_del_locator_set	6fcd6471	one	ffff	u32 client_index;u32 context;bool is_add=1;string locator_set_name[64];u32 locator_num;local_locator locators[@locator_num]
M	one_add_del_locator_set_reply	b6666db4	one	ffff	u32 context;i32 retval;u32 ls_index
M	one_add_del_map_request_itr_rlocs	6be88e45	one	ffff	u32 client_index;u32 context;bool is_add=1;string locator_set_name[64]
M	one_add_del_map_request_itr_rlocs_reply	e8d4e804	one	ffff	u32 context;i32 retval
M	one_add_del_map_resolver	ce19e32d	one	ffff	u32 client_index;u32 context;bool is_add=1;address ip_address
M	one_add_del_map_resolver_reply	e8d4e804	one	ffff	u32 context;i32 retval
M	one_add_del_map_server	ce19e32d	one	ffff	u32 client_index;u32 context;bool is_add=1;address ip_address
M	one_add_del_map_server_reply	e8d4e804	one	ffff	u32 context;i32 retval
M	one_add_del_ndp_entry	0f8a287c	one	ffff	u32 client_index;u32 context;bool is_add=1;u32 bd;one_ndp_entry entry
M	one_add_del_ndp_entry_reply	e8d4e804	one	ffff	u32 context;i32 retval
M	one_add_del_remote_mapping	6d5c789e	one	ffff	u32 client_index;u32 context;bool is_add=1;bool is_src_dst;bool del_all;u32 vni;u8 action;eid deid;eid seid;u32 rloc_num;remote_locator rlocs[@rloc_num]
M	one_add_del_remote_mapping_reply	e8d4e804	one	ffff	u32 context;i32 retval
M	one_adjacencies_get	8d1f2fe9	one	ffff	u32 client_index;u32 context;u32 vni
M	one_adjacencies_get_reply	085bab89	one	ffff	u32 context;i32 retval;u32 count;one_adjacency adjacencies[@count]
M	one_eid_table_add_del_map	9481416b	one	ffff	u32 client_index;u32 context;bool is_add=1;u32 vni;u32 dp_table;bool is_l2
M	one_eid_table_add_del_map_reply	e8d4e804	one	ffff	u32 context;i32 retval
M	one_eid_table_details	1c29f792	one	ffff	u32 context;u32 locator_set_index;u8 action;bool is_local;bool is_src_dst;u32 vni;eid deid;eid seid;u32 ttl;u8 authoritative;hmac_key key
M	one_eid_table_dump	bd190269	one	ffff	u32 client_index;u32 context;bool eid_set;u32 vni;eid eid;one_filter filter
M	one_eid_table_map_details	0b6859e2	one	ffff	u32 context;u32 vni;u32 dp_table
M	one_eid_table_map_dump	d6cf0c3d	one	ffff	u32 client_index;u32 context;bool is_l2
M	one_eid_table_vni_details	64abc01e	one	ffff	u32 context;u32 vni
M	one_eid_table_vni_dump	51077d14	one	ffff	u32 client_index;u32 context
M	one_enable_disable	c264d7bf	one	ffff	u32 client_index;u32 context;bool is_enable=1
M	one_enable_disable_petr_mode	c264d7bf	one	ffff	u32 client_index;u32 context;bool is_enable=1
M	one_enable_disable_petr_mode_reply	e8d4e804	one	ffff	u32 context;i32 retval
M	one_enable_disable_pitr_mode	c264d7bf	one	ffff	u32 client_index;u32 context;bool is_enable=1
M	one_enable_disable_pitr_mode_reply	e8d4e804	one	ffff	u32 context;i32 retval
M	one_enable_disable_reply	e8d4e804	one	ffff	u32 context;i32 retval
M	one_enable_disable_xtr_mode	c264d7bf	one	ffff	u32 client_index;u32 context;bool is_enable=1
M	one_enable_disable_xtr_mode_reply	e8d4e804	one	ffff	u32 context;i32 retval
M	one_get_map_request_itr_rlocs	51077d14	one	ffff	u32 client_index;u32 context
M	one_get_map_request_itr_rlocs_reply	76580f3a	one	ffff	u32 context;i32 retval;string locator_set_name[64]
M	one_get_transport_protocol	51077d14	one	ffff	u32 client_index;u32 context
M	one_get_transport_protocol_reply	62a28eb3	one	ffff	u32 context;i32 retval;u8 protocol
M	one_l2_arp_bd_get	51077d14	one	ffff	u32 client_index;u32 context
M	one_l2_arp_bd_get_reply	221ac888	one	ffff	u32 context;i32 retval;u32 count;u32 bridge_domains[@count]
M	one_l2_arp_entries_get	4d418cf4	one	ffff	u32 client_index;u32 context;u32 bd
M	one_l2_arp_entries_get_reply	b0dd200f	one	ffff	u32 context;i32 retval;u32 count;one_l2_arp_entry entries[@count]
M	one_locator_details	2c620ffe	one	ffff	u32 context;u8 local;interface_index sw_if_index;address ip_address;u8 priority;u8 weight
M	one_locator_dump	9b11076c	one	ffff	u32 client_index;u32 context;u32 ls_index;string ls_name[64];bool is_index_set
M	one_locator_set_details	5b33a105	one	ffff	u32 context;u32 ls_index;string ls_name[64]
M	one_locator_set_dump	71190768	one	ffff	u32 client_index;u32 context;one_filter filter
M	one_map_register_enable_disable	c264d7bf	one	ffff	u32 client_index;u32 context;bool is_enable=1
M	one_map_register_enable_disable_reply	e8d4e804	one	ffff	u32 context;i32 retval
M	one_map_register_fallback_threshold	f7d4a475	one	ffff	u32 client_index;u32 context;u32 value
M	one_map_register_fallback_threshold_reply	e8d4e804	one	ffff	u32 context;i32 retval
M	one_map_register_set_ttl	dd59f1f3	one	ffff	u32 client_index;u32 context;u32 ttl
M	one_map_register_set_ttl_reply	e8d4e804	one	ffff	u32 context;i32 retval
M	one_map_request_mode	ffa5d2f5	one	ffff	u32 client_index;u32 context;one_map_mode mode
M	one_map_request_mode_reply	e8d4e804	one	ffff	u32 context;i32 retval
M	one_map_resolver_details	3e78fc57	one	ffff	u32 context;address ip_address
M	one_map_resolver_dump	51077d14	one	ffff	u32 client_index;u32 context
M	one_map_server_details	3e78fc57	one	ffff	u32 context;address ip_address
M	one_map_server_dump	51077d14	one	ffff	u32 client_index;u32 context
M	one_ndp_bd_get	51077d14	one	ffff	u32 client_index;u32 context
M	one_ndp_bd_get_reply	221ac888	one	ffff	u32 context;i32 retval;u32 count;u32 bridge_domains[@count]
M	one_ndp_entries_get	4d418cf4	one	ffff	u32 client_index;u32 context;u32 bd
M	one_ndp_entries_get_reply	70719b1a	one	ffff	u32 context;i32 retval;u32 count;one_ndp_entry entries[@count]
M	one_nsh_set_locator_set	486e2b76	one	ffff	u32 client_index;u32 context;bool is_add=1;string ls_name[64]
M	one_nsh_set_locator_set_reply	e8d4e804	one	ffff	u32 context;i32 retval
M	one_pitr_set_locator_set	486e2b76	one	ffff	u32 client_index;u32 context;bool is_add=1;string ls_name[64]
M	one_pitr_set_locator_set_reply	e8d4e804	one	ffff	u32 context;i32 retval
M	one_rloc_probe_enable_disable	c264d7bf	one	ffff	u32 client_index;u32 context;bool is_enable=1
M	one_rloc_probe_enable_disable_reply	e8d4e804	one	ffff	u32 context;i32 retval
M	one_set_transport_protocol	07b6b85f	one	ffff	u32 client_index;u32 context;u8 protocol
M	one_set_transport_protocol_reply	e8d4e804	one	ffff	u32 context;i32 retval
M	one_show_petr_mode	51077d14	one	ffff	u32 client_index;u32 context
M	one_show_petr_mode_reply	f15abb16	one	ffff	u32 context;i32 retval;bool is_enable
M	one_show_pitr_mode	51077d14	one	ffff	u32 client_index;u32 context
M	one_show_pitr_mode_reply	f15abb16	one	ffff	u32 context;i32 retval;bool is_enable
M	one_show_xtr_mode	51077d14	one	ffff	u32 client_index;u32 context
M	one_show_xtr_mode_reply	f15abb16	one	ffff	u32 context;i32 retval;bool is_enable
M	one_stats_details	2eb74678	one	ffff	u32 context;u32 vni;eid deid;eid seid;address rloc;address lloc;u32 pkt_count;u32 bytes
M	one_stats_dump	51077d14	one	ffff	u32 client_index;u32 context
M	one_stats_enable_disable	c264d7bf	one	ffff	u32 client_index;u32 context;bool is_enable=1
M	one_stats_enable_disable_reply	e8d4e804	one	ffff	u32 context;i32 retval
M	one_stats_flush	51077d14	one	ffff	u32 client_index;u32 context
M	one_stats_flush_reply	e8d4e804	one	ffff	u32 context;i32 retval
M	one_use_petr	d87dbad9	one	ffff	u32 client_index;u32 context;address ip_address;bool is_add=1
M	one_use_petr_reply	e8d4e804	one	ffff	u32 context;i32 retval
M	output_acl_set_interface	de7ad708	classify	ffff	u32 client_index;u32 context;interface_index sw_if_index;u32 ip4_table_index;u32 ip6_table_index;u32 l2_table_index;bool is_add
M	output_acl_set_interface_reply	e8d4e804	classify	ffff	u32 context;i32 retval
M	p2p_ethernet_add	36a1a6dc	p2p_ethernet	ffff	u32 client_index;u32 context;interface_index parent_if_index;u32 subif_id;mac_address remote_mac
M	p2p_ethernet_add_reply	5383d31f	p2p_ethernet	ffff	u32 context;i32 retval;interface_index sw_if_index
M	p2p_ethernet_del	62f81c8c	p2p_ethernet	ffff	u32 client_index;u32 context;interface_index parent_if_index;mac_address remote_mac
M	p2p_ethernet_del_reply	e8d4e804	p2p_ethernet	ffff	u32 context;i32 retval
M	pcap_set_filter_function	616abb92	interface	ff80	u32 client_index;u32 context;string filter_function_name[]
M	pcap_set_filter_function_reply	e8d4e804	interface	ff80	u32 context;i32 retval
M	pcap_trace_off	51077d14	interface	ffc0	u32 client_index;u32 context
M	pcap_trace_off_reply	e8d4e804	interface	ffc0	u32 context;i32 retval
M	pcap_trace_on	cb39e968	interface	ffc0	u32 client_index;u32 context;bool capture_rx;bool capture_tx;bool capture_drop;bool filter;bool preallocate_data;bool free_data;u32 max_packets=1000;u32 max_bytes_per_packet=512;interface_index sw_if_index;string error[128];string filename[64]
M	pcap_trace_on_reply	e8d4e804	interface	ffc0	u32 context;i32 retval
M	pg_capture	3712fb6c	pg	ffff	u32 client_index;u32 context;interface_index interface_id;bool is_enabled=1;u32 count;string pcap_file_name[]
M	pg_capture_reply	e8d4e804	pg	ffff	u32 context;i32 retval
M	pg_create_interface	b7c893d7	pg	ffff	u32 client_index;u32 context;interface_index interface_id;bool gso_enabled;u32 gso_size
M	pg_create_interface_reply	5383d31f	pg	ffff	u32 context;i32 retval;interface_index sw_if_index
M	pg_create_interface_v2	8657466a	pg	fffe	u32 client_index;u32 context;interface_index interface_id;bool gso_enabled;u32 gso_size;pg_interface_mode mode
M	pg_create_interface_v2_reply	5383d31f	pg	fffe	u32 context;i32 retval;interface_index sw_if_index
M	pg_create_interface_v3	b2aac653	pg	e000	u32 client_index;u32 context;interface_index interface_id;pg_interface_flags pg_flags;u32 gso_size;pg_interface_mode mode
M	pg_create_interface_v3_reply	5383d31f	pg	e000	u32 context;i32 retval;interface_index sw_if_index
M	pg_delete_interface	f9e6675e	pg	f800	u32 client_index;u32 context;interface_index sw_if_index
M	pg_delete_interface_reply	e8d4e804	pg	f800	u32 context;i32 retval
M	pg_enable_disable	01f94f3a	pg	ffff	u32 client_index;u32 context;bool is_enabled=1;string stream_name[]
M	pg_enable_disable_reply	e8d4e804	pg	ffff	u32 context;i32 retval
M	pg_interface_enable_disable_coalesce	a2ef99e7	pg	ffff	u32 client_index;u32 context;interface_index sw_if_index;bool coalesce_enabled
M	pg_interface_enable_disable_coalesce_reply	e8d4e804	pg	ffff	u32 context;i32 retval
M	ping_finished_event	397ccf72	ping	ff00	u32 client_index;u32 request_count;u32 reply_count
M	pipe_create	bb263bd3	pipe	ffff	u32 client_index;u32 context;bool is_specified;u32 user_instance
M	pipe_create_reply	b7ce310c	pipe	ffff	u32 context;i32 retval;interface_index sw_if_index;interface_index pipe_sw_if_index[2]
M	pipe_delete	f9e6675e	pipe	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	pipe_delete_reply	e8d4e804	pipe	ffff	u32 context;i32 retval
M	pipe_details	c52b799d	pipe	ffff	u32 context;interface_index sw_if_index;interface_index pipe_sw_if_index[2];u32 instance
M	pipe_dump	51077d14	pipe	ffff	u32 client_index;u32 context
M	pnat_binding_add	f00f79aa	pnat	7	u32 client_index;u32 context;pnat_match_tuple match;pnat_rewrite_tuple rewrite
M	pnat_binding_add	946ee0b7	pnat	fff8	u32 client_index;u32 context;pnat_match_tuple match;pnat_rewrite_tuple rewrite
M	pnat_binding_add_reply	4cd980a7	pnat	ffff	u32 context;i32 retval;u32 binding_index
M	pnat_binding_add_v2	946ee0b7	pnat	fff8	u32 client_index;u32 context;pnat_match_tuple match;pnat_rewrite_tuple rewrite
M	pnat_binding_add_v2_reply	4cd980a7	pnat	fff8	u32 context;i32 retval;u32 binding_index
M	pnat_binding_attach	6e074232	pnat	ffff	u32 client_index;u32 context;interface_index sw_if_index;pnat_attachment_point attachment;u32 binding_index
M	pnat_binding_attach_reply	e8d4e804	pnat	ffff	u32 context;i32 retval
M	pnat_binding_del	9259df7b	pnat	ffff	u32 client_index;u32 context;u32 binding_index
M	pnat_binding_del_reply	e8d4e804	pnat	ffff	u32 context;i32 retval
M	pnat_binding_detach	6e074232	pnat	ffff	u32 client_index;u32 context;interface_index sw_if_index;pnat_attachment_point attachment;u32 binding_index
M	pnat_binding_detach_reply	e8d4e804	pnat	ffff	u32 context;i32 retval
M	pnat_bindings_details	78267a35	pnat	7	u32 context;pnat_match_tuple match;pnat_rewrite_tuple rewrite
M	pnat_bindings_details	08fb2815	pnat	fff8	u32 context;pnat_match_tuple match;pnat_rewrite_tuple rewrite
M	pnat_bindings_get	f75ba505	pnat	ffff	u32 client_index;u32 context;u32 cursor
M	pnat_bindings_get_reply	53b48f5d	pnat	ffff	u32 context;i32 retval;u32 cursor
M	pnat_flow_lookup	1ef8747c	pnat	f000	u32 client_index;u32 context;interface_index sw_if_index;pnat_attachment_point attachment;pnat_match_tuple match
M	pnat_flow_lookup_reply	4cd980a7	pnat	f000	u32 context;i32 retval;u32 binding_index
M	pnat_interfaces_details	c7b0c4c0	pnat	7	u32 context;interface_index sw_if_index;bool enabled[2];pnat_mask lookup_mask[2]
M	pnat_interfaces_details	4cb09493	pnat	fff8	u32 context;interface_index sw_if_index;bool enabled[2];pnat_mask lookup_mask[2]
M	pnat_interfaces_get	f75ba505	pnat	ffff	u32 client_index;u32 context;u32 cursor
M	pnat_interfaces_get_reply	53b48f5d	pnat	ffff	u32 context;i32 retval;u32 cursor
M	policer_add	4d949e35	policer	ffc0	u32 client_index;u32 context;string name[64];policer_config infos
M	policer_add_del	2b31dd38	policer	ffff	u32 client_index;u32 context;bool is_add;string name[64];u32 cir;u32 eir;u64 cb;u64 eb;sse2_qos_rate_type rate_type;sse2_qos_round_type round_type;sse2_qos_policer_type type;bool color_aware;sse2_qos_action conform_action;sse2_qos_action exceed_action;sse2_qos_action violate_action
M	policer_add_del_reply	a177cef2	policer	ffff	u32 context;i32 retval;u32 policer_index
M	policer_add_reply	a177cef2	policer	ffc0	u32 context;i32 retval;u32 policer_index
M	policer_bind	dcf516f9	policer	ffff	u32 client_index;u32 context;string name[64];u32 worker_index;bool bind_enable
M	policer_bind_reply	e8d4e804	policer	ffff	u32 context;i32 retval
M	policer_bind_v2	f87bd3c0	policer	ffc0	u32 client_index;u32 context;u32 policer_index;u32 worker_index;bool bind_enable
M	policer_bind_v2_reply	e8d4e804	policer	ffc0	u32 context;i32 retval
M	policer_classify_details	dfd08765	classify	ffff	u32 context;interface_index sw_if_index;u32 table_index
M	policer_classify_dump	6bfe6603	classify	7	u32 client_index;u32 context;policer_classify_table type;interface_index sw_if_index
M	policer_classify_dump	56cbb5fb	classify	fff8	u32 client_index;u32 context;policer_classify_table type;interface_index sw_if_index
M	policer_classify_set_interface	de7ad708	classify	ffff	u32 client_index;u32 context;interface_index sw_if_index;u32 ip4_table_index;u32 ip6_table_index;u32 l2_table_index;bool is_add
M	policer_classify_set_interface_reply	e8d4e804	classify	ffff	u32 context;i32 retval
M	policer_del	7ff7912e	policer	ffc0	u32 client_index;u32 context;u32 policer_index
M	policer_del_reply	e8d4e804	policer	ffc0	u32 context;i32 retval
M	policer_details	72d0e248	policer	ffff	u32 context;string name[64];u32 cir;u32 eir;u64 cb;u64 eb;sse2_qos_rate_type rate_type;sse2_qos_round_type round_type;sse2_qos_policer_type type;sse2_qos_action conform_action;sse2_qos_action exceed_action;sse2_qos_action violate_action;bool single_rate;bool color_aware;u32 scale;u32 cir_tokens_per_period;u32 pir_tokens_per_period;u32 current_limit;u32 current_bucket;u32 extended_limit;u32 extended_bucket;u64 last_update_time
M	policer_dump	35f1ae0f	policer	ffff	u32 client_index;u32 context;bool match_name_valid;string match_name[64]
M	policer_dump_v2	7ff7912e	policer	ffc0	u32 client_index;u32 context;u32 policer_index
M	policer_input	233f0ef5	policer	ffff	u32 client_index;u32 context;string name[64];interface_index sw_if_index;bool apply
M	policer_input_reply	e8d4e804	policer	ffff	u32 context;i32 retval
M	policer_input_v2	8388eb84	policer	ffc0	u32 client_index;u32 context;u32 policer_index;interface_index sw_if_index;bool apply
M	policer_input_v2_reply	e8d4e804	policer	ffc0	u32 context;i32 retval
M	policer_output	233f0ef5	policer	fff8	u32 client_index;u32 context;string name[64];interface_index sw_if_index;bool apply
M	policer_output_reply	e8d4e804	policer	fff8	u32 context;i32 retval
M	policer_output_v2	8388eb84	policer	ffc0	u32 client_index;u32 context;u32 policer_index;interface_index sw_if_index;bool apply
M	policer_output_v2_reply	e8d4e804	policer	ffc0	u32 context;i32 retval
M	policer_reset	7ff7912e	policer	ffc0	u32 client_index;u32 context;u32 policer_index
M	policer_reset_reply	e8d4e804	policer	ffc0	u32 context;i32 retval
M	policer_update	fd039ef0	policer	ffc0	u32 client_index;u32 context;u32 policer_index;policer_config infos
M	policer_update_reply	e8d4e804	policer	ffc0	u32 context;i32 retval
M	pot_profile_activate	0770af98	pot	ffff	u32 client_index;u32 context;u8 id;string list_name[]
M	pot_profile_activate_reply	e8d4e804	pot	ffff	u32 context;i32 retval
M	pot_profile_add	ad5da3a3	pot	ffff	u32 client_index;u32 context;u8 id;u8 validator;u64 secret_key;u64 secret_share;u64 prime;u8 max_bits;u64 lpc;u64 polynomial_public;string list_name[]
M	pot_profile_add_reply	e8d4e804	pot	ffff	u32 context;i32 retval
M	pot_profile_del	cd63f53b	pot	ffff	u32 client_index;u32 context;string list_name[]
M	pot_profile_del_reply	e8d4e804	pot	ffff	u32 context;i32 retval
M	pot_profile_show_config_details	b7ce0618	pot	ffff	u32 context;i32 retval;u8 id;u8 validator;u64 secret_key;u64 secret_share;u64 prime;u64 bit_mask;u64 lpc;u64 polynomial_public
M	pot_profile_show_config_dump	005b7d59	pot	ffff	u32 client_index;u32 context;u8 id
M	pppoe_add_del_cp	eacd9aaa	pppoe	ffff	u32 client_index;u32 context;interface_index sw_if_index;u8 is_add
M	pppoe_add_del_cp_reply	e8d4e804	pppoe	ffff	u32 context;i32 retval
M	pppoe_add_del_session	f6fd759e	pppoe	ffff	u32 client_index;u32 context;bool is_add;u16 session_id;address client_ip;u32 decap_vrf_id;mac_address client_mac
M	pppoe_add_del_session_reply	5383d31f	pppoe	ffff	u32 context;i32 retval;interface_index sw_if_index
M	pppoe_session_details	4b8e8a4a	pppoe	ffff	u32 context;interface_index sw_if_index;u16 session_id;address client_ip;interface_index encap_if_index;u32 decap_vrf_id;mac_address local_mac;mac_address client_mac
M	pppoe_session_dump	f9e6675e	pppoe	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	proxy_arp_add_del	1823c3e7	arp	ffff	u32 client_index;u32 context;bool is_add;proxy_arp proxy
M	proxy_arp_add_del_reply	e8d4e804	arp	ffff	u32 context;i32 retval
M	proxy_arp_details	5b948673	arp	ffff	u32 context;proxy_arp proxy
M	proxy_arp_dump	51077d14	arp	ffff	u32 client_index;u32 context
M	proxy_arp_intfc_details	f6458e5f	arp	ffff	u32 context;u32 sw_if_index
M	proxy_arp_intfc_dump	51077d14	arp	ffff	u32 client_index;u32 context
M	proxy_arp_intfc_enable_disable	ae6cfcfb	arp	ffff	u32 client_index;u32 context;interface_index sw_if_index;bool enable
M	proxy_arp_intfc_enable_disable_reply	e8d4e804	arp	ffff	u32 context;i32 retval
M	punt_acl_add_del	a93bf3a0	classify	fffc	u32 client_index;u32 context;u32 ip4_table_index=4294967295;u32 ip6_table_index=4294967295;bool is_add=1
M	punt_acl_add_del_reply	e8d4e804	classify	fffc	u32 context;i32 retval
M	punt_acl_get	51077d14	classify	fff8	u32 client_index;u32 context
M	punt_acl_get_reply	8409b9dd	classify	fff8	u32 context;i32 retval;u32 ip4_table_index;u32 ip6_table_index
M	punt_reason_details	2c9d4a40	punt	ffff	u32 context;punt_reason reason
M	punt_reason_dump	5c0dd4fe	punt	ffff	u32 client_index;u32 context;punt_reason reason
M	punt_socket_deregister	98fc9102	punt	7	u32 client_index;u32 context;punt punt
M	punt_socket_deregister	75afa766	punt	fff8	u32 client_index;u32 context;punt punt
M	punt_socket_deregister_reply	e8d4e804	punt	ffff	u32 context;i32 retval
M	punt_socket_details	de575080	punt	7	u32 context;punt punt;string pathname[108]
M	punt_socket_details	330466e4	punt	fff8	u32 context;punt punt;string pathname[108]
M	punt_socket_dump	52974935	punt	7	u32 client_index;u32 context;punt_type type
M	punt_socket_dump	916fb004	punt	fff8	u32 client_index;u32 context;punt_type type
M	punt_socket_register	95268cbf	punt	7	u32 client_index;u32 context;u32 header_version;punt punt;string pathname[108]
M	punt_socket_register	7875badb	punt	fff8	u32 client_index;u32 context;u32 header_version;punt punt;string pathname[108]
M	punt_socket_register_reply	bd30ae90	punt	ffff	u32 context;i32 retval;string pathname[108]
M	pvti_interface_create	a1e95595	pvti	fc00	u32 client_index;u32 context;pvti_tunnel interface
M	pvti_interface_create_reply	5383d31f	pvti	fc00	u32 context;i32 retval;interface_index sw_if_index
M	pvti_interface_delete	f9e6675e	pvti	fc00	u32 client_index;u32 context;interface_index sw_if_index
M	pvti_interface_delete_reply	e8d4e804	pvti	fc00	u32 context;i32 retval
M	pvti_interface_details	a26072b7	pvti	fc00	u32 context;pvti_tunnel interface
M	pvti_interface_dump	f9e6675e	pvti	fc00	u32 client_index;u32 context;interface_index sw_if_index
M	qos_egress_map_delete	3a91bde5	qos	ffff	u32 client_index;u32 context;u32 id
M	qos_egress_map_delete_reply	e8d4e804	qos	ffff	u32 context;i32 retval
M	qos_egress_map_details	46c5653c	qos	ffff	u32 context;qos_egress_map map
M	qos_egress_map_dump	51077d14	qos	ffff	u32 client_index;u32 context
M	qos_egress_map_update	6d1c065f	qos	ffff	u32 client_index;u32 context;qos_egress_map map
M	qos_egress_map_update_reply	e8d4e804	qos	ffff	u32 context;i32 retval
M	qos_mark_details	89fe81a9	qos	ffff	u32 context;qos_mark mark
M	qos_mark_details_reply	e8d4e804	qos	ffff	u32 context;i32 retval
M	qos_mark_dump	f9e6675e	qos	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	qos_mark_enable_disable	1a010f74	qos	ffff	u32 client_index;u32 context;bool enable=1;qos_mark mark
M	qos_mark_enable_disable_reply	e8d4e804	qos	ffff	u32 context;i32 retval
M	qos_record_details	a425d4d3	qos	ffff	u32 context;qos_record record
M	qos_record_dump	51077d14	qos	ffff	u32 client_index;u32 context
M	qos_record_enable_disable	2f1a4a38	qos	ffff	u32 client_index;u32 context;bool enable=1;qos_record record
M	qos_record_enable_disable_reply	e8d4e804	qos	ffff	u32 context;i32 retval
M	qos_store_details	3ee0aad7	qos	ffff	u32 context;qos_store store
M	qos_store_dump	51077d14	qos	ffff	u32 client_index;u32 context
M	qos_store_enable_disable	f3abcc8b	qos	ffff	u32 client_index;u32 context;bool enable=1;qos_store store
M	qos_store_enable_disable_reply	e8d4e804	qos	ffff	u32 context;i32 retval
M	rdma_create	076fe418	rdma	ffff	u32 client_index;u32 context;string host_if[64];string name[64];u16 rxq_num=1;u16 rxq_size=1024;u16 txq_size=1024;rdma_mode mode
M	rdma_create_reply	5383d31f	rdma	ffff	u32 context;i32 retval;interface_index sw_if_index
M	rdma_create_v2	5826a4f3	rdma	ffff	u32 client_index;u32 context;string host_if[64];string name[64];u16 rxq_num=1;u16 rxq_size=1024;u16 txq_size=1024;rdma_mode mode;bool no_multi_seg;u16 max_pktlen
M	rdma_create_v2_reply	5383d31f	rdma	ffff	u32 context;i32 retval;interface_index sw_if_index
M	rdma_create_v3	c6287ea8	rdma	ffff	u32 client_index;u32 context;string host_if[64];string name[64];u16 rxq_num=1;u16 rxq_size=1024;u16 txq_size=1024;rdma_mode mode;bool no_multi_seg;u16 max_pktlen;rdma_rss4 rss4;rdma_rss6 rss6
M	rdma_create_v3_reply	5383d31f	rdma	ffff	u32 context;i32 retval;interface_index sw_if_index
M	rdma_create_v4	c6287ea8	rdma	ff00	u32 client_index;u32 context;string host_if[64];string name[64];u16 rxq_num=1;u16 rxq_size=1024;u16 txq_size=1024;rdma_mode mode;bool no_multi_seg;u16 max_pktlen;rdma_rss4 rss4;rdma_rss6 rss6
M	rdma_create_v4_reply	5383d31f	rdma	ff00	u32 context;i32 retval;interface_index sw_if_index
M	rdma_delete	f9e6675e	rdma	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	rdma_delete_reply	e8d4e804	rdma	ffff	u32 context;i32 retval
M	rpc_call	7e8a2c95	memclnt	ffff	u32 client_index;u32 context;u64 function;u8 multicast;u8 need_barrier_sync;u8 send_reply;u32 data_len;u8 data[@data_len]
M	rpc_call_reply	e8d4e804	memclnt	ffff	u32 context;i32 retval
M	rx_thread_exit	c3a3a452	memclnt	ffff	u8 dummy
M	selog_event_type_details	745bca80	selog	c000	u32 context;u32 index;string fmt_args[32];string fmt[]
M	selog_event_type_dump	51077d14	selog	c000	u32 client_index;u32 context
M	selog_event_type_string_details	3718921d	selog	c000	u32 context;u32 index;string s[]
M	selog_event_type_string_dump	6a7f2680	selog	c000	u32 client_index;u32 context;u32 event_type_index
M	selog_get_shm	51077d14	selog	c000	u32 client_index;u32 context
M	selog_get_shm_reply	e8d4e804	selog	c000	u32 context;i32 retval
M	selog_get_string_table	51077d14	selog	c000	u32 client_index;u32 context
M	selog_get_string_table_reply	17fc26aa	selog	c000	u32 context;i32 retval;string s[]
M	selog_track_details	33dce766	selog	c000	u32 context;u32 index;string name[]
M	selog_track_dump	51077d14	selog	c000	u32 client_index;u32 context
M	session_enable_disable	c264d7bf	session	ffff	u32 client_index;u32 context;bool is_enable=1
M	session_enable_disable_reply	e8d4e804	session	ffff	u32 context;i32 retval
M	session_enable_disable_v2	f09fbf32	session	fc00	u32 client_index;u32 context;rt_backend_engine rt_engine_type
M	session_enable_disable_v2_reply	e8d4e804	session	fc00	u32 context;i32 retval
M	session_rule_add_del	e4895422	session	7	u32 client_index;u32 context;transport_proto transport_proto;prefix lcl;prefix rmt;u16 lcl_port;u16 rmt_port;u32 action_index;bool is_add=1;u32 appns_index;session_rule_scope scope;string tag[64]
M	session_rule_add_del	82a90af5	session	fff8	u32 client_index;u32 context;transport_proto transport_proto;prefix lcl;prefix rmt;u16 lcl_port;u16 rmt_port;u32 action_index;bool is_add=1;u32 appns_index;session_rule_scope scope;string tag[64]
M	session_rule_add_del_reply	e8d4e804	session	ffff	u32 context;i32 retval
M	session_rules_details	28d71830	session	7	u32 context;transport_proto transport_proto;prefix lcl;prefix rmt;u16 lcl_port;u16 rmt_port;u32 action_index;u32 appns_index;session_rule_scope scope;string tag[64]
M	session_rules_details	4ef746e7	session	fff8	u32 context;transport_proto transport_proto;prefix lcl;prefix rmt;u16 lcl_port;u16 rmt_port;u32 action_index;u32 appns_index;session_rule_scope scope;string tag[64]
M	session_rules_dump	51077d14	session	ffff	u32 client_index;u32 context
M	session_rules_v2_details	f91993dc	session	f800	u32 context;transport_proto transport_proto;prefix lcl;prefix rmt;u16 lcl_port;u16 rmt_port;u32 action_index;session_rule_scope scope;string tag[64];u32 count;u32 appns_index[@count]
M	session_rules_v2_dump	51077d14	session	f800	u32 client_index;u32 context
M	session_sapi_enable_disable	c264d7bf	session	fffc	u32 client_index;u32 context;bool is_enable=1
M	session_sapi_enable_disable_reply	e8d4e804	session	fffc	u32 context;i32 retval
M	session_sdl_add_del	faeb89fc	session	fc00	u32 client_index;u32 context;u32 appns_index;bool is_add;u32 count;sdl_rule r[@count]
M	session_sdl_add_del_reply	e8d4e804	session	fc00	u32 context;i32 retval
M	session_sdl_add_del_v2	7f89d3fa	session	f800	u32 client_index;u32 context;u32 appns_index;bool is_add;u32 count;sdl_rule_v2 r[@count]
M	session_sdl_add_del_v2_reply	e8d4e804	session	f800	u32 context;i32 retval
M	session_sdl_details	9a8ef5d0	session	fc00	u32 context;prefix lcl;u32 action_index;u32 appns_index;string tag[64]
M	session_sdl_dump	51077d14	session	fc00	u32 client_index;u32 context
M	session_sdl_v2_details	0a057683	session	f800	u32 context;prefix rmt;u32 action_index;u32 appns_index;string tag[64]
M	session_sdl_v2_dump	51077d14	session	f800	u32 client_index;u32 context
M	session_sdl_v3_details	829e367f	session	f800	u32 context;prefix rmt;u32 action_index;string tag[64];u32 count;u32 appns_index[@count]
M	session_sdl_v3_dump	51077d14	session	f800	u32 client_index;u32 context
M	set_ip_flow_hash	084ee09e	ip	ffff	u32 client_index;u32 context;u32 vrf_id;bool is_ipv6;bool src;bool dst;bool sport;bool dport;bool proto;bool reverse;bool symmetric
M	set_ip_flow_hash_reply	e8d4e804	ip	ffff	u32 context;i32 retval
M	set_ip_flow_hash_router_id	03e4f48e	ip	ffff	u32 client_index;u32 context;u32 router_id
M	set_ip_flow_hash_router_id_reply	e8d4e804	ip	ffff	u32 context;i32 retval
M	set_ip_flow_hash_v2	6d132100	ip	ffff	u32 client_index;u32 context;u32 table_id;address_family af;ip_flow_hash_config flow_hash_config
M	set_ip_flow_hash_v2_reply	e8d4e804	ip	ffff	u32 context;i32 retval
M	set_ip_flow_hash_v3	b7876e07	ip	ffc0	u32 client_index;u32 context;u32 table_id;address_family af;ip_flow_hash_config_v2 flow_hash_config
M	set_ip_flow_hash_v3_reply	e8d4e804	ip	ffc0	u32 context;i32 retval
M	set_ipfix_classify_stream	c9cbe053	ipfix_export	ffff	u32 client_index;u32 context;u32 domain_id;u16 src_port
M	set_ipfix_classify_stream_reply	e8d4e804	ipfix_export	ffff	u32 context;i32 retval
M	set_ipfix_exporter	5530c8a0	ipfix_export	ffff	u32 client_index;u32 context;address collector_address;u16 collector_port;address src_address;u32 vrf_id;u32 path_mtu;u32 template_interval;bool udp_checksum
M	set_ipfix_exporter_reply	e8d4e804	ipfix_export	ffff	u32 context;i32 retval
M	set_punt	aa83d523	punt	7	u32 client_index;u32 context;bool is_add;punt punt
M	set_punt	47d0e347	punt	fff8	u32 client_index;u32 context;bool is_add;punt punt
M	set_punt_reply	e8d4e804	punt	ffff	u32 context;i32 retval
M	sfdp_gateway_geneve_input_enable_disable	3b2a8583	gateway	c000	u32 client_index;u32 context;interface_index sw_if_index;u8 is_enable
M	sfdp_gateway_geneve_input_enable_disable_reply	e8d4e804	gateway	c000	u32 context;i32 retval
M	sfdp_gateway_set_geneve_output	508e3ee7	gateway	c000	u32 client_index;u32 context;u32 tenant_id;u32 output_tenant_id;address src;address dst;u16 src_port;u16 dst_port;u8 static_mac;mac_address src_mac;mac_address dst_mac;sfdp_session_direction dir
M	sfdp_gateway_set_geneve_output_reply	e8d4e804	gateway	c000	u32 context;i32 retval
M	sfdp_interface_input_set	fca1e31a	interface_input	4000	u32 client_index;u32 context;interface_index sw_if_index;u32 tenant_id;u8 is_disable
M	sfdp_interface_input_set	c80a0902	interface_input	8000	u32 client_index;u32 context;interface_index sw_if_index;u32 tenant_id;u8 is_ip6;u8 is_disable
M	sfdp_interface_input_set_reply	e8d4e804	interface_input	c000	u32 context;i32 retval
M	sfdp_kill_session	1a16d196	sfdp	8000	u32 client_index;u32 context;u32 session_index;bool is_all
M	sfdp_kill_session_reply	e8d4e804	sfdp	8000	u32 context;i32 retval
M	sfdp_nat_alloc_pool_add_del	6ca85aad	nat	c000	u32 client_index;u32 context;u32 alloc_pool_id;u8 is_del;u32 n_addr;ip4_address addr[@n_addr]
M	sfdp_nat_alloc_pool_add_del_reply	e8d4e804	nat	c000	u32 context;i32 retval
M	sfdp_nat_set_external_interface	fca1e31a	nat	c000	u32 client_index;u32 context;interface_index sw_if_index;u32 tenant_id;u8 is_disable
M	sfdp_nat_set_external_interface_reply	e8d4e804	nat	c000	u32 context;i32 retval
M	sfdp_nat_snat_set_unset	7f07225d	nat	c000	u32 client_index;u32 context;u32 tenant_id;u32 outside_tenant_id;u32 table_id;u32 alloc_pool_id;u8 is_disable
M	sfdp_nat_snat_set_unset_reply	e8d4e804	nat	c000	u32 context;i32 retval
M	sfdp_service_details	2a8d1427	sfdp	8000	u32 context;string node_name[32];string scope[32];bool is_terminal;u8 index
M	sfdp_service_dump	51077d14	sfdp	8000	u32 client_index;u32 context
M	sfdp_session_details	d2a1b857	sfdp	4000	u32 context;u64 session_id;u32 thread_index;u32 tenant_id;u32 session_idx;sfdp_session_type session_type;ip_proto protocol;sfdp_session_state state;f64 remaining_time;u64 forward_bitmap;u64 reverse_bitmap;u8 n_keys;sfdp_session_key keys[@n_keys]
M	sfdp_session_details	3eaab6b9	sfdp	8000	u32 context;u64 session_id;u32 thread_index;u32 tenant_id;u32 session_idx;sfdp_session_type session_type;ip_proto protocol;sfdp_session_state state;f64 remaining_time;u64 forward_bitmap;u64 reverse_bitmap;u8 n_keys;sfdp_session_key keys[@n_keys]
M	sfdp_session_dump	51077d14	sfdp	c000	u32 client_index;u32 context
M	sfdp_set_icmp_error_node	90d10424	sfdp	c000	u32 client_index;u32 context;u32 tenant_id;bool is_ip6;u32 node_index
M	sfdp_set_icmp_error_node_reply	e8d4e804	sfdp	c000	u32 context;i32 retval
M	sfdp_set_services	6227a034	sfdp	c000	u32 client_index;u32 context;u32 tenant_id;sfdp_session_direction dir;u8 n_services;sfdp_service_name services[@n_services]
M	sfdp_set_services_reply	e8d4e804	sfdp	c000	u32 context;i32 retval
M	sfdp_set_sp_node	e721277f	sfdp	c000	u32 client_index;u32 context;u32 tenant_id;sfdp_sp_node sp_node;u32 node_index
M	sfdp_set_sp_node_reply	e8d4e804	sfdp	c000	u32 context;i32 retval
M	sfdp_set_timeout	36440b87	sfdp	c000	u32 client_index;u32 context;u32 tenant_id;u32 timeout_id;u32 timeout_value
M	sfdp_set_timeout_reply	e8d4e804	sfdp	c000	u32 context;i32 retval
M	sfdp_tcp_session_details	b846a1c5	tcp_check	4000	u32 context;u64 session_id;u32 thread_index;u32 tenant_id;u32 session_idx;sfdp_session_type session_type;sfdp_tcp_check_session_flags flags;u8 n_keys;sfdp_session_key keys[@n_keys]
M	sfdp_tcp_session_details	4bd58888	tcp_check	8000	u32 context;u64 session_id;u32 thread_index;u32 tenant_id;u32 session_idx;sfdp_session_type session_type;sfdp_tcp_check_session_flags flags;u8 n_keys;sfdp_session_key keys[@n_keys]
M	sfdp_tcp_session_dump	51077d14	tcp_check	c000	u32 client_index;u32 context
M	sfdp_tenant_add_del	f03b121c	sfdp	c000	u32 client_index;u32 context;u32 tenant_id;u32 context_id=4294967295;bool is_del
M	sfdp_tenant_add_del_reply	e8d4e804	sfdp	c000	u32 context;i32 retval
M	sfdp_tenant_details	128e06c3	sfdp	c000	u32 context;u32 index;u32 context_id;u64 forward_bitmap;u64 reverse_bitmap;u32 n_timeout;u32 timeout[@n_timeout]
M	sfdp_tenant_dump	51077d14	sfdp	c000	u32 client_index;u32 context
M	sflow_direction_get	51077d14	sflow	e000	u32 client_index;u32 context
M	sflow_direction_get_reply	f3316252	sflow	e000	u32 context;u32 sampling_D
M	sflow_direction_set	fbca6f34	sflow	e000	u32 client_index;u32 context;u32 sampling_D
M	sflow_direction_set_reply	e8d4e804	sflow	e000	u32 context;i32 retval
M	sflow_drop_monitoring_get	51077d14	sflow	e000	u32 client_index;u32 context
M	sflow_drop_monitoring_get_reply	b56ae30e	sflow	e000	u32 context;u32 drop_M
M	sflow_drop_monitoring_set	100b1e04	sflow	e000	u32 client_index;u32 context;u32 drop_M
M	sflow_drop_monitoring_set_reply	e8d4e804	sflow	e000	u32 context;i32 retval
M	sflow_enable_disable	8499814f	sflow	f800	u32 client_index;u32 context;bool enable_disable;interface_index hw_if_index
M	sflow_enable_disable_reply	e8d4e804	sflow	f800	u32 context;i32 retval
M	sflow_header_bytes_get	51077d14	sflow	f800	u32 client_index;u32 context
M	sflow_header_bytes_get_reply	624c95b9	sflow	f800	u32 context;u32 header_B
M	sflow_header_bytes_set	5baf56f3	sflow	f800	u32 client_index;u32 context;u32 header_B=128
M	sflow_header_bytes_set_reply	e8d4e804	sflow	f800	u32 context;i32 retval
M	sflow_interface_details	b7b9143f	sflow	f800	u32 context;interface_index hw_if_index
M	sflow_interface_dump	451a727d	sflow	f800	u32 client_index;u32 context;interface_index hw_if_index=4294967295
M	sflow_polling_interval_get	51077d14	sflow	f800	u32 client_index;u32 context
M	sflow_polling_interval_get_reply	e929801c	sflow	f800	u32 context;u32 polling_S
M	sflow_polling_interval_set	7f19cb51	sflow	f800	u32 client_index;u32 context;u32 polling_S=20
M	sflow_polling_interval_set_reply	e8d4e804	sflow	f800	u32 context;i32 retval
M	sflow_sampling_rate_get	51077d14	sflow	f800	u32 client_index;u32 context
M	sflow_sampling_rate_get_reply	9c8c8236	sflow	f800	u32 context;u32 sampling_N
M	sflow_sampling_rate_set	94778f50	sflow	f800	u32 client_index;u32 context;u32 sampling_N=10000
M	sflow_sampling_rate_set_reply	e8d4e804	sflow	f800	u32 context;i32 retval
M	show_lisp_map_register_state	51077d14	lisp	ffff	u32 client_index;u32 context
M	show_lisp_map_register_state_reply	e33a377b	lisp	ffff	u32 context;i32 retval;bool is_enabled
M	show_lisp_map_request_mode	51077d14	lisp	ffff	u32 client_index;u32 context
M	show_lisp_map_request_mode_reply	5b05038e	lisp	ffff	u32 context;i32 retval;bool is_src_dst
M	show_lisp_pitr	51077d14	lisp	ffff	u32 client_index;u32 context
M	show_lisp_pitr_reply	27aa69b1	lisp	ffff	u32 context;i32 retval;bool is_enabled;string locator_set_name[64]
M	show_lisp_rloc_probe_state	51077d14	lisp	ffff	u32 client_index;u32 context
M	show_lisp_rloc_probe_state_reply	e33a377b	lisp	ffff	u32 context;i32 retval;bool is_enabled
M	show_lisp_status	51077d14	lisp	ffff	u32 client_index;u32 context
M	show_lisp_status_reply	9e8f10c0	lisp	ffff	u32 context;i32 retval;bool is_lisp_enabled;bool is_gpe_enabled
M	show_lisp_use_petr	51077d14	lisp	ffff	u32 client_index;u32 context
M	show_lisp_use_petr_reply	22b9a4b0	lisp	ffff	u32 context;i32 retval;bool is_petr_enable;address ip_address
M	show_one_map_register_fallback_threshold	51077d14	one	ffff	u32 client_index;u32 context
M	show_one_map_register_fallback_threshold_reply	c93a9113	one	ffff	u32 context;i32 retval;u32 value
M	show_one_map_register_state	51077d14	one	ffff	u32 client_index;u32 context
M	show_one_map_register_state_reply	f15abb16	one	ffff	u32 context;i32 retval;bool is_enable
M	show_one_map_register_ttl	51077d14	one	ffff	u32 client_index;u32 context
M	show_one_map_register_ttl_reply	fa83dd66	one	ffff	u32 context;i32 retval;u32 ttl
M	show_one_map_request_mode	51077d14	one	ffff	u32 client_index;u32 context
M	show_one_map_request_mode_reply	d41f3c1d	one	ffff	u32 context;i32 retval;one_map_mode mode
M	show_one_nsh_mapping	51077d14	one	ffff	u32 client_index;u32 context
M	show_one_nsh_mapping_reply	46478c02	one	ffff	u32 context;i32 retval;bool is_set;string locator_set_name[64]
M	show_one_pitr	51077d14	one	ffff	u32 client_index;u32 context
M	show_one_pitr_reply	a2d1a49f	one	ffff	u32 context;i32 retval;bool status;string locator_set_name[64]
M	show_one_rloc_probe_state	51077d14	one	ffff	u32 client_index;u32 context
M	show_one_rloc_probe_state_reply	f15abb16	one	ffff	u32 context;i32 retval;bool is_enable
M	show_one_stats_enable_disable	51077d14	one	ffff	u32 client_index;u32 context
M	show_one_stats_enable_disable_reply	f15abb16	one	ffff	u32 context;i32 retval;bool is_enable
M	show_one_status	51077d14	one	ffff	u32 client_index;u32 context
M	show_one_status_reply	961bb25b	one	ffff	u32 context;i32 retval;bool feature_status;bool gpe_status
M	show_one_use_petr	51077d14	one	ffff	u32 client_index;u32 context
M	show_one_use_petr_reply	84a03528	one	ffff	u32 context;i32 retval;bool status;address ip_address
M	show_threads	51077d14	vlib	ffff	u32 client_index;u32 context
M	show_threads_reply	efd78e83	vlib	ffff	u32 context;i32 retval;u32 count;thread_data thread_data[@count]
M	show_version	51077d14	vpe	ffff	u32 client_index;u32 context
M	show_version_reply	c919bde1	vpe	ffff	u32 context;i32 retval;string program[32];string version[32];string build_date[32];string build_directory[256]
M	show_vpe_system_time	51077d14	vpe	ffff	u32 client_index;u32 context
M	show_vpe_system_time_reply	7ffd8193	vpe	ffff	u32 context;i32 retval;timestamp vpe_system_time
M	snort_client_details	7e29e6f5	snort	f800	u32 context;u32 client_index;u32 instance_index
M	snort_client_disconnect	30a221a6	snort	f800	u32 client_index;u32 context;u32 snort_client_index
M	snort_client_disconnect_reply	e8d4e804	snort	f800	u32 context;i32 retval
M	snort_client_get	51d54b70	snort	f800	u32 client_index;u32 context;u32 cursor;u32 snort_client_index
M	snort_client_get_reply	53b48f5d	snort	f800	u32 context;i32 retval;u32 cursor
M	snort_client_v2_details	d287474f	snort	8000	u32 context;u32 client_index;u32 snort_client_index;u16 n_instances;u8 mode
M	snort_client_v2_get	51d54b70	snort	8000	u32 client_index;u32 context;u32 cursor;u32 snort_client_index
M	snort_client_v2_get_reply	53b48f5d	snort	8000	u32 context;i32 retval;u32 cursor
M	snort_input_mode_get	51077d14	snort	f800	u32 client_index;u32 context
M	snort_input_mode_get_reply	a18796bf	snort	f800	u32 context;i32 retval;u32 snort_mode
M	snort_input_mode_set	d595d008	snort	f800	u32 client_index;u32 context;u8 input_mode
M	snort_input_mode_set_reply	e8d4e804	snort	f800	u32 context;i32 retval
M	snort_instance_create	248cc390	snort	f800	u32 client_index;u32 context;u32 queue_size;u8 drop_on_disconnect;string name[]
M	snort_instance_create_reply	e63a3fba	snort	f800	u32 context;i32 retval;u32 instance_index
M	snort_instance_create_v2	a798a380	snort	8000	u32 client_index;u32 context;u32 queue_size;u32 qpairs_per_thread;u8 drop_bitmap;u8 drop_on_disconnect;string name[]
M	snort_instance_create_v2_reply	e63a3fba	snort	8000	u32 context;i32 retval;u32 instance_index
M	snort_instance_delete	6981211a	snort	f800	u32 client_index;u32 context;u32 instance_index
M	snort_instance_delete_reply	e8d4e804	snort	f800	u32 context;i32 retval
M	snort_instance_details	abb60d49	snort	f800	u32 context;u32 instance_index;u32 shm_size;u32 shm_fd;u8 drop_on_disconnect;u32 snort_client_index;string name[]
M	snort_instance_disconnect	6981211a	snort	f800	u32 client_index;u32 context;u32 instance_index
M	snort_instance_disconnect_reply	e8d4e804	snort	f800	u32 context;i32 retval
M	snort_instance_get	07c37475	snort	f800	u32 client_index;u32 context;u32 cursor;u32 instance_index
M	snort_instance_get_reply	53b48f5d	snort	f800	u32 context;i32 retval;u32 cursor
M	snort_instance_v2_details	5e549034	snort	8000	u32 context;u32 instance_index;u32 shm_size;u32 shm_fd;u8 drop_on_disconnect;u8 drop_bitmap;u32 snort_client_index;u32 qpairs_per_thread;string name[]
M	snort_instance_v2_details_reply	e8d4e804	snort	8000	u32 context;i32 retval
M	snort_instance_v2_get	07c37475	snort	8000	u32 client_index;u32 context;u32 cursor;u32 instance_index
M	snort_instance_v2_get_reply	53b48f5d	snort	8000	u32 context;i32 retval;u32 cursor
M	snort_interface_attach	79ceda89	snort	f800	u32 client_index;u32 context;u32 instance_index;u32 sw_if_index;u8 snort_dir
M	snort_interface_attach_reply	e8d4e804	snort	f800	u32 context;i32 retval
M	snort_interface_detach	529cb13f	snort	f800	u32 client_index;u32 context;u32 sw_if_index
M	snort_interface_detach_reply	e8d4e804	snort	f800	u32 context;i32 retval
M	snort_interface_detach_v2	79ceda89	snort	8000	u32 client_index;u32 context;u32 instance_index;u32 sw_if_index;u8 snort_dir
M	snort_interface_detach_v2_reply	e8d4e804	snort	8000	u32 context;i32 retval
M	snort_interface_details	52c75990	snort	f800	u32 context;u32 sw_if_index;u32 instance_index
M	snort_interface_get	765a2424	snort	f800	u32 client_index;u32 context;u32 cursor;u32 sw_if_index
M	snort_interface_get_reply	53b48f5d	snort	f800	u32 context;i32 retval;u32 cursor
M	snort_interface_v2_details	6b2fa635	snort	8000	u32 context;u32 sw_if_index;u16 in_instance_index;u16 out_instance_index
M	snort_interface_v2_get	765a2424	snort	8000	u32 client_index;u32 context;u32 cursor;u32 sw_if_index
M	snort_interface_v2_get_reply	53b48f5d	snort	8000	u32 context;i32 retval;u32 cursor
M	snort_set_drop_bitmap	c36e0249	snort	8000	u32 client_index;u32 context;u32 instance_index;u8 drop_bitmap
M	snort_set_drop_bitmap_reply	e8d4e804	snort	8000	u32 context;i32 retval
M	sock_init_shm	51646d92	memclnt	ffff	u32 client_index;u32 context;u32 requested_size;u8 nitems;u64 configs[@nitems]
M	sock_init_shm_reply	e8d4e804	memclnt	ffff	u32 context;i32 retval
M	sockclnt_create	455fb9c4	memclnt	ffff	u32 context;string name[64]
M	sockclnt_create_reply	35166268	memclnt	ffff	u32 client_index;u32 context;i32 response;u32 index;u16 count;message_table_entry message_table[@count]
M	sockclnt_delete	8ac76db6	memclnt	ffff	u32 client_index;u32 context;u32 index
M	sockclnt_delete_reply	8f38b1ee	memclnt	ffff	u32 context;i32 response
M	sr_localsid_add_del	5a36c324	sr	ffff	u32 client_index;u32 context;bool is_del;ip6_address localsid;bool end_psp;sr_behavior behavior;interface_index sw_if_index=4294967295;u32 vlan_index;u32 fib_table;address nh_addr
M	sr_localsid_add_del_reply	e8d4e804	sr	ffff	u32 context;i32 retval
M	sr_localsid_add_del_v2	8da7805a	sr	8000	u32 client_index;u32 context;bool is_del;ip6_address localsid;bool end_psp;sr_behavior behavior;interface_index sw_if_index=4294967295;u32 vlan_index;u32 fib_table;address nh_addr;u8 locator_block_len;u8 locator_node_len;u8 function_len
M	sr_localsid_add_del_v2_reply	e8d4e804	sr	8000	u32 context;i32 retval
M	sr_localsids_details	2e9221b9	sr	ffff	u32 context;ip6_address addr;bool end_psp;sr_behavior behavior;u32 fib_table;u32 vlan_index;address xconnect_nh_addr;u32 xconnect_iface_or_vrf_table
M	sr_localsids_dump	51077d14	sr	ffff	u32 client_index;u32 context
M	sr_localsids_with_packet_stats_details	ce0b1ce0	sr	ffe0	u32 context;ip6_address addr;bool end_psp;sr_behavior behavior;u32 fib_table;u32 vlan_index;address xconnect_nh_addr;u32 xconnect_iface_or_vrf_table;u64 good_traffic_bytes;u64 good_traffic_pkt_count;u64 bad_traffic_bytes;u64 bad_traffic_pkt_count
M	sr_localsids_with_packet_stats_dump	51077d14	sr	ffe0	u32 client_index;u32 context
M	sr_mobile_localsid_add_del	b85a7ed7	sr_mobile	ff00	u32 client_index;u32 context;bool is_del;ip6_prefix localsid_prefix;string behavior[64];u32 fib_table;u32 local_fib_table;bool drop_in;sr_mobile_nhtype nhtype;ip6_prefix sr_prefix;ip4_address v4src_addr;u32 v4src_position
M	sr_mobile_localsid_add_del_reply	e8d4e804	sr_mobile	ff00	u32 context;i32 retval
M	sr_mobile_policy_add	8f051658	sr_mobile	ff00	u32 client_index;u32 context;ip6_address bsid_addr;ip6_prefix sr_prefix;ip6_prefix v6src_prefix;string behavior[64];u32 fib_table;u32 local_fib_table;ip6_address encap_src;bool drop_in;sr_mobile_nhtype nhtype
M	sr_mobile_policy_add_reply	e8d4e804	sr_mobile	ff00	u32 context;i32 retval
M	sr_mpls_policy_add	a1a70c70	sr_mpls	ffff	u32 client_index;u32 context;u32 bsid;u32 weight;bool is_spray;u8 n_segments;u32 segments[@n_segments]
M	sr_mpls_policy_add_reply	e8d4e804	sr_mpls	ffff	u32 context;i32 retval
M	sr_mpls_policy_assign_endpoint_color	0e7eb978	sr_mpls	ffff	u32 client_index;u32 context;u32 bsid;address endpoint;u32 color
M	sr_mpls_policy_assign_endpoint_color_reply	e8d4e804	sr_mpls	ffff	u32 context;i32 retval
M	sr_mpls_policy_del	e29d34fa	sr_mpls	ffff	u32 client_index;u32 context;u32 bsid
M	sr_mpls_policy_del_reply	e8d4e804	sr_mpls	ffff	u32 context;i32 retval
M	sr_mpls_policy_mod	88482c17	sr_mpls	ffff	u32 client_index;u32 context;u32 bsid;sr_policy_op operation;u32 sl_index;u32 weight;u8 n_segments;u32 segments[@n_segments]
M	sr_mpls_policy_mod_reply	e8d4e804	sr_mpls	ffff	u32 context;i32 retval
M	sr_mpls_steering_add_del	64acff63	sr_mpls	ffff	u32 client_index;u32 context;bool is_del;u32 bsid;u32 table_id;prefix prefix;u32 mask_width;address next_hop;u32 color;u8 co_bits;u32 vpn_label
M	sr_mpls_steering_add_del_reply	e8d4e804	sr_mpls	ffff	u32 context;i32 retval
M	sr_policies_details	db6ff2a1	sr	ffff	u32 context;ip6_address bsid;bool is_spray;bool is_encap;u32 fib_table;u8 num_sid_lists;srv6_sid_list sid_lists[@num_sid_lists]
M	sr_policies_dump	51077d14	sr	ffff	u32 client_index;u32 context
M	sr_policies_v2_details	96dcb699	sr	ffc0	u32 context;ip6_address bsid;ip6_address encap_src;sr_policy_type type;bool is_encap;u32 fib_table;u8 num_sid_lists;srv6_sid_list sid_lists[@num_sid_lists]
M	sr_policies_v2_dump	51077d14	sr	ffc0	u32 client_index;u32 context
M	sr_policies_with_sl_index_details	ca2e9bc8	sr	ffff	u32 context;ip6_address bsid;bool is_spray;bool is_encap;u32 fib_table;u8 num_sid_lists;srv6_sid_list_with_sl_index sid_lists[@num_sid_lists]
M	sr_policies_with_sl_index_dump	51077d14	sr	ffff	u32 client_index;u32 context
M	sr_policy_add	44ac92e8	sr	ffff	u32 client_index;u32 context;ip6_address bsid_addr;u32 weight;bool is_encap;bool is_spray;u32 fib_table;srv6_sid_list sids
M	sr_policy_add_reply	e8d4e804	sr	ffff	u32 context;i32 retval
M	sr_policy_add_v2	f6297f36	sr	ffc0	u32 client_index;u32 context;ip6_address bsid_addr;u32 weight;bool is_encap;sr_policy_type type;u32 fib_table;srv6_sid_list sids;ip6_address encap_src
M	sr_policy_add_v2_reply	e8d4e804	sr	ffc0	u32 context;i32 retval
M	sr_policy_del	cb4d48d5	sr	ffff	u32 client_index;u32 context;ip6_address bsid_addr;u32 sr_policy_index
M	sr_policy_del_reply	e8d4e804	sr	ffff	u32 context;i32 retval
M	sr_policy_mod	b97bb56e	sr	ffff	u32 client_index;u32 context;ip6_address bsid_addr;u32 sr_policy_index;u32 fib_table;sr_policy_op operation;u32 sl_index;u32 weight;srv6_sid_list sids
M	sr_policy_mod_reply	e8d4e804	sr	ffff	u32 context;i32 retval
M	sr_policy_mod_v2	c0544823	sr	ffc0	u32 client_index;u32 context;ip6_address bsid_addr;u32 sr_policy_index;u32 fib_table;sr_policy_op operation;u32 sl_index;u32 weight;srv6_sid_list sids;ip6_address encap_src
M	sr_policy_mod_v2_reply	e8d4e804	sr	ffc0	u32 context;i32 retval
M	sr_pt_iface_add	852c0cda	sr_pt	ffe0	u32 client_index;u32 context;interface_index sw_if_index;u16 id;u8 ingress_load;u8 egress_load;u8 tts_template
M	sr_pt_iface_add_reply	e8d4e804	sr_pt	ffe0	u32 context;i32 retval
M	sr_pt_iface_del	f9e6675e	sr_pt	ffe0	u32 client_index;u32 context;interface_index sw_if_index
M	sr_pt_iface_del_reply	e8d4e804	sr_pt	ffe0	u32 context;i32 retval
M	sr_pt_iface_details	1f472f85	sr_pt	ffe0	u32 context;interface_index sw_if_index;u16 id;u8 ingress_load;u8 egress_load;u8 tts_template
M	sr_pt_iface_dump	51077d14	sr_pt	ffe0	u32 client_index;u32 context
M	sr_set_encap_hop_limit	aa75d7d0	sr	ffff	u32 client_index;u32 context;u8 hop_limit
M	sr_set_encap_hop_limit_reply	e8d4e804	sr	ffff	u32 context;i32 retval
M	sr_set_encap_source	d3bad5e1	sr	ffff	u32 client_index;u32 context;ip6_address encaps_source
M	sr_set_encap_source_reply	e8d4e804	sr	ffff	u32 context;i32 retval
M	sr_steering_add_del	e46b0a0f	sr	ffff	u32 client_index;u32 context;bool is_del;ip6_address bsid_addr;u32 sr_policy_index;u32 table_id;prefix prefix;interface_index sw_if_index;sr_steer traffic_type
M	sr_steering_add_del_reply	e8d4e804	sr	ffff	u32 context;i32 retval
M	sr_steering_pol_details	d41258c9	sr	ffff	u32 context;sr_steer traffic_type;u32 fib_table;prefix prefix;interface_index sw_if_index;ip6_address bsid
M	sr_steering_pol_dump	51077d14	sr	ffff	u32 client_index;u32 context
M	stn_add_del_rule	224c6edd	stn	ffff	u32 client_index;u32 context;address ip_address;interface_index sw_if_index;bool is_add
M	stn_add_del_rule_reply	e8d4e804	stn	ffff	u32 context;i32 retval
M	stn_rules_details	a51935a6	stn	ffff	u32 context;address ip_address;interface_index sw_if_index
M	stn_rules_dump	51077d14	stn	ffff	u32 client_index;u32 context
M	svs_details	6282cd55	svs	ffff	u32 context;u32 table_id;interface_index sw_if_index;address_family af
M	svs_dump	51077d14	svs	ffff	u32 client_index;u32 context
M	svs_enable_disable	634b89d2	svs	ffff	u32 client_index;u32 context;bool is_enable;address_family af;u32 table_id;interface_index sw_if_index
M	svs_enable_disable_reply	e8d4e804	svs	ffff	u32 context;i32 retval
M	svs_plugin_get_version	51077d14	svs	ffff	u32 client_index;u32 context
M	svs_plugin_get_version_reply	9b32cf86	svs	ffff	u32 context;u32 major;u32 minor
M	svs_route_add_del	e49bc63c	svs	ffff	u32 client_index;u32 context;bool is_add;prefix prefix;u32 table_id;u32 source_table_id
M	svs_route_add_del_reply	e8d4e804	svs	ffff	u32 context;i32 retval
M	svs_table_add_del	7d21cb2a	svs	ffff	u32 client_index;u32 context;bool is_add;address_family af;u32 table_id
M	svs_table_add_del_reply	e8d4e804	svs	ffff	u32 context;i32 retval
M	sw_bond_interface_details	9428a69c	bond	ffff	u32 context;interface_index sw_if_index;u32 id;bond_mode mode;bond_lb_algo lb;bool numa_only;u32 active_members;u32 members;string interface_name[64]
M	sw_bond_interface_dump	f9e6675e	bond	ffff	u32 client_index;u32 context;interface_index sw_if_index=4294967295
M	sw_if_l2tpv3_tunnel_details	50b88993	l2tp	ffff	u32 context;interface_index sw_if_index;string interface_name[64];address client_address;address our_address;u32 local_session_id;u32 remote_session_id;u64 local_cookie[2];u64 remote_cookie;bool l2_sublayer_present
M	sw_if_l2tpv3_tunnel_dump	51077d14	l2tp	ffff	u32 client_index;u32 context
M	sw_interface_add_del_address	5463d73b	interface	ffff	u32 client_index;u32 context;interface_index sw_if_index;bool is_add;bool del_all;address_with_prefix prefix
M	sw_interface_add_del_address_reply	e8d4e804	interface	ffff	u32 context;i32 retval
M	sw_interface_add_del_mac_address	638bb9f4	interface	ffff	u32 client_index;u32 context;u32 sw_if_index;mac_address addr;u8 is_add
M	sw_interface_add_del_mac_address_reply	e8d4e804	interface	ffff	u32 context;i32 retval
M	sw_interface_address_replace_begin	51077d14	interface	ffff	u32 client_index;u32 context
M	sw_interface_address_replace_begin_reply	e8d4e804	interface	ffff	u32 context;i32 retval
M	sw_interface_address_replace_end	51077d14	interface	ffff	u32 client_index;u32 context
M	sw_interface_address_replace_end_reply	e8d4e804	interface	ffff	u32 context;i32 retval
M	sw_interface_bond_details	bb7c929b	bond	ffff	u32 context;interface_index sw_if_index;u32 id;bond_mode mode;bond_lb_algo lb;bool numa_only;u32 active_slaves;u32 slaves;string interface_name[64]
M	sw_interface_bond_dump	51077d14	bond	ffff	u32 client_index;u32 context
M	sw_interface_clear_stats	f9e6675e	interface	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	sw_interface_clear_stats_reply	e8d4e804	interface	ffff	u32 context;i32 retval
M	sw_interface_details	6c221fc7	interface	ffff	u32 context;interface_index sw_if_index;u32 sup_sw_if_index;mac_address l2_address;if_status_flags flags;if_type type;link_duplex link_duplex;u32 link_speed;u16 link_mtu;u32 mtu[4];u32 sub_id;u8 sub_number_of_tags;u16 sub_outer_vlan_id;u16 sub_inner_vlan_id;sub_if_flags sub_if_flags;u32 vtr_op;u32 vtr_push_dot1q;u32 vtr_tag1;u32 vtr_tag2;u16 outer_tag;mac_address b_dmac;mac_address b_smac;u16 b_vlanid;u32 i_sid;string interface_name[64];string interface_dev_type[64];string tag[64]
M	sw_interface_dump	aa610c27	interface	ffff	u32 client_index;u32 context;interface_index sw_if_index=4294967295;bool name_filter_valid;string name_filter[]
M	sw_interface_event	2d3d95a7	interface	ffff	u32 client_index;u32 pid;interface_index sw_if_index;if_status_flags flags;bool deleted
M	sw_interface_get_default_rx_mode	51077d14	interface	8000	u32 client_index;u32 context
M	sw_interface_get_default_rx_mode_reply	2339da5a	interface	8000	u32 context;i32 retval;rx_mode mode
M	sw_interface_get_mac_address	f9e6675e	interface	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	sw_interface_get_mac_address_reply	40ef2c08	interface	ffff	u32 context;i32 retval;mac_address mac_address
M	sw_interface_get_table	2d033de4	interface	ffff	u32 client_index;u32 context;interface_index sw_if_index;bool is_ipv6
M	sw_interface_get_table_reply	a6eb0109	interface	ffff	u32 context;i32 retval;u32 vrf_id
M	sw_interface_ip4_enable_disable	ae6cfcfb	ip	f800	u32 client_index;u32 context;interface_index sw_if_index;bool enable
M	sw_interface_ip4_enable_disable_reply	e8d4e804	ip	f800	u32 context;i32 retval
M	sw_interface_ip6_enable_disable	ae6cfcfb	ip	ffff	u32 client_index;u32 context;interface_index sw_if_index;bool enable
M	sw_interface_ip6_enable_disable_reply	e8d4e804	ip	ffff	u32 context;i32 retval
M	sw_interface_ip6_get_link_local_address	f9e6675e	ip	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	sw_interface_ip6_get_link_local_address_reply	d16b7130	ip	ffff	u32 context;i32 retval;ip6_address ip
M	sw_interface_ip6_set_link_local_address	1c10f15f	ip	ffff	u32 client_index;u32 context;interface_index sw_if_index;ip6_address ip
M	sw_interface_ip6_set_link_local_address_reply	e8d4e804	ip	ffff	u32 context;i32 retval
M	sw_interface_ip6nd_ra_config	3eb00b1c	ip6_nd	ffff	u32 client_index;u32 context;interface_index sw_if_index;u8 suppress;u8 managed;u8 other;u8 ll_option;u8 send_unicast;u8 cease;bool is_no;u8 default_router;u32 max_interval;u32 min_interval;u32 lifetime;u32 initial_count;u32 initial_interval
M	sw_interface_ip6nd_ra_config_reply	e8d4e804	ip6_nd	ffff	u32 context;i32 retval
M	sw_interface_ip6nd_ra_details	d3198de5	ip6_nd	ffc0	u32 context;interface_index sw_if_index;u8 cur_hop_limit;bool adv_managed_flag;bool adv_other_flag;u16 adv_router_lifetime;u32 adv_neighbor_reachable_time;u32 adv_retransmit_interval;u32 adv_link_mtu;bool send_radv;bool cease_radv;bool send_unicast;bool adv_link_layer_address;f64 max_radv_interval;f64 min_radv_interval;f64 last_radv_time;f64 last_multicast_time;f64 next_multicast_time;u32 initial_adverts_count;f64 initial_adverts_interval;bool initial_adverts_sent;u32 n_advertisements_sent;u32 n_solicitations_rcvd;u32 n_solicitations_dropped;u32 n_prefixes;ip6nd_ra_prefix prefixes[@n_prefixes]
M	sw_interface_ip6nd_ra_dump	f9e6675e	ip6_nd	ffc0	u32 client_index;u32 context;interface_index sw_if_index
M	sw_interface_ip6nd_ra_prefix	82cc1b28	ip6_nd	ffff	u32 client_index;u32 context;interface_index sw_if_index;prefix prefix;bool use_default;bool no_advertise;bool off_link;bool no_autoconfig;bool no_onlink;bool is_no;u32 val_lifetime;u32 pref_lifetime
M	sw_interface_ip6nd_ra_prefix_reply	e8d4e804	ip6_nd	ffff	u32 context;i32 retval
M	sw_interface_lacp_details	d9a83d2f	lacp	ffff	u32 context;interface_index sw_if_index;string interface_name[64];u32 rx_state;u32 tx_state;u32 mux_state;u32 ptx_state;string bond_interface_name[64];u16 actor_system_priority;mac_address actor_system;u16 actor_key;u16 actor_port_priority;u16 actor_port_number;u8 actor_state;u16 partner_system_priority;mac_address partner_system;u16 partner_key;u16 partner_port_priority;u16 partner_port_number;u8 partner_state
M	sw_interface_lacp_dump	51077d14	lacp	ffff	u32 client_index;u32 context
M	sw_interface_rx_placement_details	9e44a7ce	interface	ffff	u32 client_index;u32 context;interface_index sw_if_index;u32 queue_id;u32 worker_id;rx_mode mode
M	sw_interface_rx_placement_dump	f9e6675e	interface	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	sw_interface_set_bond_weight	deb510a0	bond	ffff	u32 client_index;u32 context;interface_index sw_if_index;u32 weight
M	sw_interface_set_bond_weight_reply	e8d4e804	bond	ffff	u32 context;i32 retval
M	sw_interface_set_default_rx_mode	776b4837	interface	8000	u32 client_index;u32 context;rx_mode mode
M	sw_interface_set_default_rx_mode_reply	e8d4e804	interface	8000	u32 context;i32 retval
M	sw_interface_set_flags	f5aec1b8	interface	ffff	u32 client_index;u32 context;interface_index sw_if_index;if_status_flags flags
M	sw_interface_set_flags_reply	e8d4e804	interface	ffff	u32 context;i32 retval
M	sw_interface_set_geneve_bypass	65247409	geneve	ffff	u32 client_index;u32 context;interface_index sw_if_index;bool is_ipv6;bool enable
M	sw_interface_set_geneve_bypass_reply	e8d4e804	geneve	ffff	u32 context;i32 retval
M	sw_interface_set_gtpu_bypass	65247409	gtpu	ffff	u32 client_index;u32 context;interface_index sw_if_index;bool is_ipv6;bool enable
M	sw_interface_set_gtpu_bypass_reply	e8d4e804	gtpu	ffff	u32 context;i32 retval
M	sw_interface_set_interface_name	45a1d548	interface	fffe	u32 client_index;u32 context;interface_index sw_if_index;string name[64]
M	sw_interface_set_interface_name_reply	e8d4e804	interface	fffe	u32 context;i32 retval
M	sw_interface_set_ip_directed_broadcast	ae6cfcfb	interface	ffff	u32 client_index;u32 context;interface_index sw_if_index;bool enable
M	sw_interface_set_ip_directed_broadcast_reply	e8d4e804	interface	ffff	u32 context;i32 retval
M	sw_interface_set_l2_bridge	d0678b13	l2	ffff	u32 client_index;u32 context;interface_index rx_sw_if_index;u32 bd_id;l2_port_type port_type;u8 shg;bool enable=1
M	sw_interface_set_l2_bridge_reply	e8d4e804	l2	ffff	u32 context;i32 retval
M	sw_interface_set_l2_xconnect	4fa28a85	l2	ffff	u32 client_index;u32 context;interface_index rx_sw_if_index;interface_index tx_sw_if_index;bool enable=1
M	sw_interface_set_l2_xconnect_reply	e8d4e804	l2	ffff	u32 context;i32 retval
M	sw_interface_set_lldp	57afbcd4	lldp	ffff	u32 client_index;u32 context;interface_index sw_if_index;ip4_address mgmt_ip4;ip6_address mgmt_ip6;u8 mgmt_oid[128];bool enable=1;string port_desc[]
M	sw_interface_set_lldp_reply	e8d4e804	lldp	ffff	u32 context;i32 retval
M	sw_interface_set_mac_address	c536e7eb	interface	ffff	u32 client_index;u32 context;interface_index sw_if_index;mac_address mac_address
M	sw_interface_set_mac_address_reply	e8d4e804	interface	ffff	u32 context;i32 retval
M	sw_interface_set_mpls_enable	ae6cfcfb	mpls	ffff	u32 client_index;u32 context;interface_index sw_if_index;bool enable=1
M	sw_interface_set_mpls_enable_reply	e8d4e804	mpls	ffff	u32 context;i32 retval
M	sw_interface_set_mtu	5cbe85e5	interface	ffff	u32 client_index;u32 context;interface_index sw_if_index;u32 mtu[4]
M	sw_interface_set_mtu_reply	e8d4e804	interface	ffff	u32 context;i32 retval
M	sw_interface_set_promisc	d40860d4	interface	ffff	u32 client_index;u32 context;interface_index sw_if_index;bool promisc_on
M	sw_interface_set_promisc_reply	e8d4e804	interface	ffff	u32 context;i32 retval
M	sw_interface_set_rx_mode	b04d1cfe	interface	ffff	u32 client_index;u32 context;interface_index sw_if_index;bool queue_id_valid;u32 queue_id;rx_mode mode
M	sw_interface_set_rx_mode_reply	e8d4e804	interface	ffff	u32 context;i32 retval
M	sw_interface_set_rx_placement	db65f3c9	interface	ffff	u32 client_index;u32 context;interface_index sw_if_index;u32 queue_id;u32 worker_id;bool is_main
M	sw_interface_set_rx_placement_reply	e8d4e804	interface	ffff	u32 context;i32 retval
M	sw_interface_set_table	df42a577	interface	ffff	u32 client_index;u32 context;interface_index sw_if_index;bool is_ipv6;u32 vrf_id
M	sw_interface_set_table_reply	e8d4e804	interface	ffff	u32 context;i32 retval
M	sw_interface_set_tx_placement	4e0cd5ff	interface	fffc	u32 client_index;u32 context;interface_index sw_if_index;u32 queue_id;u32 array_size;u32 threads[@array_size]
M	sw_interface_set_tx_placement_reply	e8d4e804	interface	fffc	u32 context;i32 retval
M	sw_interface_set_unnumbered	154a6439	interface	ffff	u32 client_index;u32 context;interface_index sw_if_index;interface_index unnumbered_sw_if_index;bool is_add
M	sw_interface_set_unnumbered_reply	e8d4e804	interface	ffff	u32 context;i32 retval
M	sw_interface_set_vpath	ae6cfcfb	l2	ffff	u32 client_index;u32 context;interface_index sw_if_index;bool enable=4294967295
M	sw_interface_set_vpath_reply	e8d4e804	l2	ffff	u32 context;i32 retval
M	sw_interface_set_vxlan_bypass	65247409	vxlan	ffff	u32 client_index;u32 context;interface_index sw_if_index;bool is_ipv6;bool enable=1
M	sw_interface_set_vxlan_bypass_reply	e8d4e804	vxlan	ffff	u32 context;i32 retval
M	sw_interface_set_vxlan_gbp_bypass	65247409	vxlan_gbp	3	u32 client_index;u32 context;interface_index sw_if_index;bool is_ipv6;bool enable=1
M	sw_interface_set_vxlan_gbp_bypass_reply	e8d4e804	vxlan_gbp	3	u32 context;i32 retval
M	sw_interface_set_vxlan_gpe_bypass	65247409	vxlan_gpe	ffff	u32 client_index;u32 context;interface_index sw_if_index;bool is_ipv6;bool enable=1
M	sw_interface_set_vxlan_gpe_bypass_reply	e8d4e804	vxlan_gpe	ffff	u32 context;i32 retval
M	sw_interface_slave_details	3c4a0e23	bond	ffff	u32 context;interface_index sw_if_index;string interface_name[64];bool is_passive;bool is_long_timeout;bool is_local_numa;u32 weight
M	sw_interface_slave_dump	f9e6675e	bond	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	sw_interface_span_details	8a20e79f	span	ffff	u32 context;interface_index sw_if_index_from;interface_index sw_if_index_to;span_state state;bool is_l2
M	sw_interface_span_dump	d6cf0c3d	span	ffff	u32 client_index;u32 context;bool is_l2
M	sw_interface_span_enable_disable	23ddd96b	span	ffff	u32 client_index;u32 context;interface_index sw_if_index_from;interface_index sw_if_index_to;span_state state;bool is_l2
M	sw_interface_span_enable_disable_reply	e8d4e804	span	ffff	u32 context;i32 retval
M	sw_interface_tag_add_del	426f8bc1	interface	ffff	u32 client_index;u32 context;bool is_add;interface_index sw_if_index;string tag[64]
M	sw_interface_tag_add_del_reply	e8d4e804	interface	ffff	u32 context;i32 retval
M	sw_interface_tap_v2_details	1e2b2a47	tapv2	ffff	u32 context;u32 sw_if_index;u32 id;u16 tx_ring_sz;u16 rx_ring_sz;u32 host_mtu_size;mac_address host_mac_addr;ip4_address_with_prefix host_ip4_prefix;ip6_address_with_prefix host_ip6_prefix;tap_flags tap_flags;string dev_name[64];string host_if_name[64];string host_namespace[64];string host_bridge[64]
M	sw_interface_tap_v2_dump	f9e6675e	tapv2	ffff	u32 client_index;u32 context;interface_index sw_if_index=4294967295
M	sw_interface_tx_placement_details	00381a2e	interface	fffc	u32 client_index;u32 context;interface_index sw_if_index;u32 queue_id;u8 shared;u32 array_size;u32 threads[@array_size]
M	sw_interface_tx_placement_get	47250981	interface	fffc	u32 client_index;u32 context;u32 cursor;interface_index sw_if_index
M	sw_interface_tx_placement_get_reply	53b48f5d	interface	fffc	u32 context;i32 retval;u32 cursor
M	sw_interface_vhost_user_details	0cee1e53	vhost_user	ffff	u32 context;interface_index sw_if_index;string interface_name[64];u32 virtio_net_hdr_sz;virtio_net_features_first_32 features_first_32;virtio_net_features_last_32 features_last_32;bool is_server;string sock_filename[256];u32 num_regions;i32 sock_errno
M	sw_interface_vhost_user_dump	f9e6675e	vhost_user	ffff	u32 client_index;u32 context;interface_index sw_if_index=4294967295
M	sw_interface_virtio_pci_details	6ca9c167	virtio	ffff	u32 context;interface_index sw_if_index;pci_address pci_addr;mac_address mac_addr;u16 tx_ring_sz;u16 rx_ring_sz;u64 features
M	sw_interface_virtio_pci_dump	51077d14	virtio	ffff	u32 client_index;u32 context
M	sw_member_interface_details	3c4a0e23	bond	ffff	u32 context;interface_index sw_if_index;string interface_name[64];bool is_passive;bool is_long_timeout;bool is_local_numa;u32 weight
M	sw_member_interface_dump	f9e6675e	bond	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	sw_vmxnet3_interface_details	6a1a5498	vmxnet3	ffff	u32 context;interface_index sw_if_index;string if_name[64];mac_address hw_addr;u32 pci_addr;u8 version;bool admin_up_down;u8 rx_count;vmxnet3_rx_list rx_list[16];u8 tx_count;vmxnet3_tx_list tx_list[8]
M	sw_vmxnet3_interface_dump	f9e6675e	vmxnet3	ffff	u32 client_index;u32 context;interface_index sw_if_index=4294967295
M	syslog_get_filter	51077d14	syslog	ffff	u32 client_index;u32 context
M	syslog_get_filter_reply	eb1833f8	syslog	ffff	u32 context;i32 retval;syslog_severity severity
M	syslog_get_sender	51077d14	syslog	ffff	u32 client_index;u32 context
M	syslog_get_sender_reply	424cfa4e	syslog	ffff	u32 context;i32 retval;ip4_address src_address;ip4_address collector_address;u16 collector_port;u32 vrf_id;u32 max_msg_size
M	syslog_set_filter	571348c3	syslog	ffff	u32 client_index;u32 context;syslog_severity severity
M	syslog_set_filter_reply	e8d4e804	syslog	ffff	u32 context;i32 retval
M	syslog_set_sender	b8011d0b	syslog	ffff	u32 client_index;u32 context;ip4_address src_address;ip4_address collector_address;u16 collector_port=514;u32 vrf_id;u32 max_msg_size=480
M	syslog_set_sender_reply	e8d4e804	syslog	ffff	u32 context;i32 retval
M	tap_create_v2	2d0d6570	tapv2	ffff	u32 client_index;u32 context;u32 id=4294967295;bool use_random_mac=1;mac_address mac_address;u8 num_rx_queues=1;u16 tx_ring_sz=256;u16 rx_ring_sz=256;bool host_mtu_set;u32 host_mtu_size;bool host_mac_addr_set;mac_address host_mac_addr;bool host_ip4_prefix_set;ip4_address_with_prefix host_ip4_prefix;bool host_ip6_prefix_set;ip6_address_with_prefix host_ip6_prefix;bool host_ip4_gw_set;ip4_address host_ip4_gw;bool host_ip6_gw_set;ip6_address host_ip6_gw;tap_flags tap_flags;bool host_namespace_set;string host_namespace[64];bool host_if_name_set;string host_if_name[64];bool host_bridge_set;string host_bridge[64];string tag[]
M	tap_create_v2_reply	5383d31f	tapv2	ffff	u32 context;i32 retval;interface_index sw_if_index
M	tap_create_v3	3f3fd1df	tapv2	fffc	u32 client_index;u32 context;u32 id=4294967295;bool use_random_mac=1;mac_address mac_address;u16 num_rx_queues=1;u16 num_tx_queues=1;u16 tx_ring_sz=256;u16 rx_ring_sz=256;bool host_mtu_set;u32 host_mtu_size;bool host_mac_addr_set;mac_address host_mac_addr;bool host_ip4_prefix_set;ip4_address_with_prefix host_ip4_prefix;bool host_ip6_prefix_set;ip6_address_with_prefix host_ip6_prefix;bool host_ip4_gw_set;ip4_address host_ip4_gw;bool host_ip6_gw_set;ip6_address host_ip6_gw;tap_flags tap_flags;bool host_namespace_set;string host_namespace[64];bool host_if_name_set;string host_if_name[64];bool host_bridge_set;string host_bridge[64];string tag[]
M	tap_create_v3_reply	5383d31f	tapv2	fffc	u32 context;i32 retval;interface_index sw_if_index
M	tap_delete_v2	f9e6675e	tapv2	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	tap_delete_v2_reply	e8d4e804	tapv2	ffff	u32 context;i32 retval
M	tcp_configure_src_addresses	67eede0d	tcp	ffff	u32 client_index;u32 context;u32 vrf_id;address first_address;address last_address
M	tcp_configure_src_addresses_reply	e8d4e804	tcp	ffff	u32 context;i32 retval
M	teib_details	981ee1a1	teib	ffff	u32 context;teib_entry entry
M	teib_dump	51077d14	teib	ffff	u32 client_index;u32 context
M	teib_entry_add_del	8016cfd2	teib	ffff	u32 client_index;u32 context;u8 is_add;teib_entry entry
M	teib_entry_add_del_reply	e8d4e804	teib	ffff	u32 context;i32 retval
M	tls_openssl_set_engine	e34d95c1	tls_openssl	ffff	u32 client_index;u32 context;u32 async_enable;u8 engine[64];u8 algorithm[64];u8 ciphers[64]
M	tls_openssl_set_engine_reply	e8d4e804	tls_openssl	ffff	u32 context;i32 retval
M	tm_sys_get_capabilities	991d3cc9	tm	8000	u32 client_index;u32 context;u32 sw_if_idx
M	tm_sys_get_capabilities_reply	e8d4e804	tm	8000	u32 context;i32 retval
M	tm_sys_level_get_capabilities	1b2a3c26	tm	8000	u32 client_index;u32 context;u32 sw_if_idx;u32 level
M	tm_sys_level_get_capabilities_reply	e8d4e804	tm	8000	u32 context;i32 retval
M	tm_sys_node_add	0f60688a	tm	8000	u32 client_index;u32 context;u32 sw_if_idx;i32 parent_node_id;u32 node_id;u32 weight;i32 shaper_id;u32 lvl;u32 priority;string flow_name[64]
M	tm_sys_node_add_reply	e8d4e804	tm	8000	u32 context;i32 retval
M	tm_sys_node_delete	0cfbb348	tm	8000	u32 client_index;u32 context;u32 sw_if_idx;u32 tm_node_id
M	tm_sys_node_delete_reply	e8d4e804	tm	8000	u32 context;i32 retval
M	tm_sys_node_read_stats	a98a5d55	tm	8000	u32 client_index;u32 context;u32 sw_if_idx;u32 node_id
M	tm_sys_node_read_stats_reply	e8d4e804	tm	8000	u32 context;i32 retval
M	tm_sys_node_resume	0cfbb348	tm	8000	u32 client_index;u32 context;u32 sw_if_idx;u32 tm_node_id
M	tm_sys_node_resume_reply	e8d4e804	tm	8000	u32 context;i32 retval
M	tm_sys_node_sched_weight_update	8f0ff13e	tm	8000	u32 client_index;u32 context;u32 sw_if_idx;u32 node_id;u32 weight
M	tm_sys_node_sched_weight_update_reply	e8d4e804	tm	8000	u32 context;i32 retval
M	tm_sys_node_shaper_update	22ab653b	tm	8000	u32 client_index;u32 context;u32 sw_if_idx;i32 shaper_id;u32 node_id
M	tm_sys_node_shaper_update_reply	e8d4e804	tm	8000	u32 context;i32 retval
M	tm_sys_node_suspend	0cfbb348	tm	8000	u32 client_index;u32 context;u32 sw_if_idx;u32 tm_node_id
M	tm_sys_node_suspend_reply	e8d4e804	tm	8000	u32 context;i32 retval
M	tm_sys_shaper_profile_create	65d7728b	tm	8000	u32 client_index;u32 context;u32 sw_if_idx;u32 tm_shaper_id;u8 is_pkt_mode;u64 shaper_commit_rate;u64 shaper_commit_burst;u64 shaper_peak_rate;u64 shaper_peak_burst;i32 shaper_len_adjust
M	tm_sys_shaper_profile_create_reply	e8d4e804	tm	8000	u32 context;i32 retval
M	tm_sys_shaper_profile_delete	ed96e391	tm	8000	u32 client_index;u32 context;u32 sw_if_idx;i32 shaper_id
M	tm_sys_shaper_profile_delete_reply	e8d4e804	tm	8000	u32 context;i32 retval
M	tm_sys_start_tm	991d3cc9	tm	8000	u32 client_index;u32 context;u32 sw_if_idx
M	tm_sys_start_tm_reply	e8d4e804	tm	8000	u32 context;i32 retval
M	tm_sys_stop_tm	991d3cc9	tm	8000	u32 client_index;u32 context;u32 sw_if_idx
M	tm_sys_stop_tm_reply	e8d4e804	tm	8000	u32 context;i32 retval
M	trace_capture_packets	9e791a9b	tracedump	ffff	u32 client_index;u32 context;u32 node_index;u32 max_packets;bool use_filter;bool verbose;bool pre_capture_clear
M	trace_capture_packets_reply	e8d4e804	tracedump	ffff	u32 context;i32 retval
M	trace_clear_cache	51077d14	tracedump	ffc0	u32 client_index;u32 context
M	trace_clear_cache_reply	e8d4e804	tracedump	ffc0	u32 context;i32 retval
M	trace_clear_capture	51077d14	tracedump	ffff	u32 client_index;u32 context
M	trace_clear_capture_reply	e8d4e804	tracedump	ffff	u32 context;i32 retval
M	trace_details	1553e9eb	tracedump	ffff	u32 client_index;u32 context;u32 thread_id;u32 position;u8 more_this_thread;u8 more_threads;u8 done;u32 packet_number;string trace_data[]
M	trace_dump	c7d6681f	tracedump	ffff	u32 client_index;u32 context;u8 clear_cache;u32 thread_id;u32 position;u32 max_records
M	trace_dump_reply	e0e87f9d	tracedump	ffff	u32 context;i32 retval;u32 last_thread_id;u32 last_position;u8 more_this_thread;u8 more_threads;u8 flush_only;u8 done
M	trace_filter_function_details	28821359	tracedump	ff80	u32 context;bool selected;string name[]
M	trace_filter_function_dump	51077d14	tracedump	ff80	u32 client_index;u32 context
M	trace_plugin_msg_ids	f476d3ce	memclnt	ffff	u32 client_index;u32 context;string plugin_name[128];u16 first_msg_id;u16 last_msg_id
M	trace_profile_add	de08aa6d	trace	ffff	u32 client_index;u32 context;u8 trace_type;u8 num_elts;u8 trace_tsp;u32 node_id;u32 app_data
M	trace_profile_add_reply	e8d4e804	trace	ffff	u32 context;i32 retval
M	trace_profile_del	51077d14	trace	ffff	u32 client_index;u32 context
M	trace_profile_del_reply	e8d4e804	trace	ffff	u32 context;i32 retval
M	trace_profile_show_config	51077d14	trace	ffff	u32 client_index;u32 context
M	trace_profile_show_config_reply	0f1d374c	trace	ffff	u32 context;i32 retval;u8 trace_type;u8 num_elts;u8 trace_tsp;u32 node_id;u32 app_data
M	trace_set_filter_function	616abb92	tracedump	ff80	u32 client_index;u32 context;string filter_function_name[]
M	trace_set_filter_function_reply	e8d4e804	tracedump	ff80	u32 context;i32 retval
M	trace_set_filters	f522b44a	tracedump	ffff	u32 client_index;u32 context;trace_filter_flag flag;u32 count;u32 node_index=4294967295;u32 classifier_table_index=4294967295
M	trace_set_filters_reply	e8d4e804	tracedump	ffff	u32 context;i32 retval
M	trace_v2_details	91f87d52	tracedump	ffc0	u32 context;u32 thread_id;u32 position;bool more;string trace_data[]
M	trace_v2_dump	83f88d8e	tracedump	ffc0	u32 client_index;u32 context;u32 thread_id=4294967295;u32 position;u32 max=50;bool clear_cache
M	tracenode_enable_disable	4013643c	tracenode	ff80	u32 client_index;u32 context;interface_index sw_if_index;bool is_pcap;bool enable=1
M	tracenode_enable_disable_reply	e8d4e804	tracenode	ff80	u32 context;i32 retval
M	udp_decap_add_del	d155c6ac	udp	6	u32 client_index;u32 context;bool is_add;udp_decap udp_decap
M	udp_decap_add_del	d14a4f47	udp	fff8	u32 client_index;u32 context;bool is_add;udp_decap udp_decap
M	udp_decap_add_del_reply	e8d4e804	udp	fffe	u32 context;i32 retval
M	udp_encap_add	f74a60b1	udp	ffff	u32 client_index;u32 context;udp_encap udp_encap
M	udp_encap_add_reply	e2fc8294	udp	ffff	u32 context;i32 retval;u32 id
M	udp_encap_del	3a91bde5	udp	ffff	u32 client_index;u32 context;u32 id
M	udp_encap_del_reply	e8d4e804	udp	ffff	u32 context;i32 retval
M	udp_encap_details	8cfb9c76	udp	ffff	u32 context;udp_encap udp_encap
M	udp_encap_dump	51077d14	udp	ffff	u32 client_index;u32 context
M	udp_ping_add_del	fa2628fc	udp_ping	ffff	u32 client_index;u32 context;address src_ip_address;address dst_ip_address;u16 start_src_port;u16 end_src_port;u16 start_dst_port;u16 end_dst_port;u16 interval;u8 dis;u8 fault_det;u8 reserve[3]
M	udp_ping_add_del_reply	e8d4e804	udp_ping	ffff	u32 context;i32 retval
M	udp_ping_export	b3e225d2	udp_ping	ffff	u32 client_index;u32 context;bool enable
M	udp_ping_export_reply	e8d4e804	udp_ping	ffff	u32 context;i32 retval
M	urpf_interface_details	f94b5374	urpf	ff00	u32 context;interface_index sw_if_index;bool is_input;urpf_mode mode;address_family af;u32 table_id
M	urpf_interface_dump	f9e6675e	urpf	ff00	u32 client_index;u32 context;interface_index sw_if_index=4294967295
M	urpf_update	2bf8a77c	urpf	7	u32 client_index;u32 context;bool is_input=1;urpf_mode mode;address_family af;interface_index sw_if_index
M	urpf_update	cc274cd1	urpf	fff8	u32 client_index;u32 context;bool is_input=1;urpf_mode mode;address_family af;interface_index sw_if_index
M	urpf_update_reply	e8d4e804	urpf	ffff	u32 context;i32 retval
M	urpf_update_v2	b873d028	urpf	ffe0	u32 client_index;u32 context;bool is_input=1;urpf_mode mode;address_family af;interface_index sw_if_index;u32 table_id=4294967295
M	urpf_update_v2_reply	e8d4e804	urpf	ffe0	u32 context;i32 retval
M	virtio_pci_create	1944f8db	virtio	ffff	u32 client_index;u32 context;pci_address pci_addr;bool use_random_mac;mac_address mac_address;bool gso_enabled;bool checksum_offload_enabled;u64 features
M	virtio_pci_create_reply	5383d31f	virtio	ffff	u32 context;i32 retval;interface_index sw_if_index
M	virtio_pci_create_v2	5d096e1a	virtio	ffff	u32 client_index;u32 context;pci_address pci_addr;bool use_random_mac;mac_address mac_address;virtio_flags virtio_flags;u64 features
M	virtio_pci_create_v2_reply	5383d31f	virtio	ffff	u32 context;i32 retval;interface_index sw_if_index
M	virtio_pci_delete	f9e6675e	virtio	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	virtio_pci_delete_reply	e8d4e804	virtio	ffff	u32 context;i32 retval
M	vmxnet3_create	71a07314	vmxnet3	ffff	u32 client_index;u32 context;u32 pci_addr;i32 enable_elog;u16 rxq_size;u16 rxq_num;u16 txq_size;u16 txq_num;u8 bind;bool enable_gso
M	vmxnet3_create_reply	5383d31f	vmxnet3	ffff	u32 context;i32 retval;interface_index sw_if_index
M	vmxnet3_delete	f9e6675e	vmxnet3	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	vmxnet3_delete_reply	e8d4e804	vmxnet3	ffff	u32 context;i32 retval
M	vmxnet3_details	6a1a5498	vmxnet3	ffff	u32 context;interface_index sw_if_index;string if_name[64];mac_address hw_addr;u32 pci_addr;u8 version;bool admin_up_down;u8 rx_count;vmxnet3_rx_list rx_list[16];u8 tx_count;vmxnet3_tx_list tx_list[8]
M	vmxnet3_dump	51077d14	vmxnet3	ffff	u32 client_index;u32 context
M	vrrp_vr_add_del	c5cf15aa	vrrp	ffff	u32 client_index;u32 context;u8 is_add;interface_index sw_if_index;u8 vr_id;u8 priority;u16 interval;vrrp_vr_flags flags;u8 n_addrs;address addrs[@n_addrs]
M	vrrp_vr_add_del_reply	e8d4e804	vrrp	ffff	u32 context;i32 retval
M	vrrp_vr_del	6029baa1	vrrp	fff8	u32 client_index;u32 context;u32 vrrp_index
M	vrrp_vr_del_reply	e8d4e804	vrrp	fff8	u32 context;i32 retval
M	vrrp_vr_details	46edcebd	vrrp	ffff	u32 context;vrrp_vr_conf config;vrrp_vr_runtime runtime;u8 n_addrs;address addrs[@n_addrs]
M	vrrp_vr_dump	f9e6675e	vrrp	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	vrrp_vr_event	c1fea6a5	vrrp	ffff	u32 client_index;u32 pid;vrrp_vr_key vr;vrrp_vr_state old_state;vrrp_vr_state new_state
M	vrrp_vr_peer_details	3d99c108	vrrp	ffff	u32 client_index;u32 context;interface_index sw_if_index;u8 vr_id;u8 is_ipv6;u8 n_peer_addrs;address peer_addrs[@n_peer_addrs]
M	vrrp_vr_peer_dump	6fa3f7c4	vrrp	ffff	u32 client_index;u32 context;interface_index sw_if_index;u8 is_ipv6;u8 vr_id
M	vrrp_vr_set_peers	20bec71f	vrrp	ffff	u32 client_index;u32 context;interface_index sw_if_index;u8 vr_id;u8 is_ipv6;u8 n_addrs;address addrs[@n_addrs]
M	vrrp_vr_set_peers_reply	e8d4e804	vrrp	ffff	u32 context;i32 retval
M	vrrp_vr_start_stop	0662a3b7	vrrp	ffff	u32 client_index;u32 context;interface_index sw_if_index;u8 vr_id;u8 is_ipv6;u8 is_start
M	vrrp_vr_start_stop_reply	e8d4e804	vrrp	ffff	u32 context;i32 retval
M	vrrp_vr_track_if_add_del	d67df299	vrrp	ffff	u32 client_index;u32 context;interface_index sw_if_index;u8 is_ipv6;u8 vr_id;u8 is_add;u8 n_ifs;vrrp_vr_track_if ifs[@n_ifs]
M	vrrp_vr_track_if_add_del_reply	e8d4e804	vrrp	ffff	u32 context;i32 retval
M	vrrp_vr_track_if_details	73c36f81	vrrp	ffff	u32 client_index;u32 context;interface_index sw_if_index;u8 vr_id;u8 is_ipv6;u8 n_ifs;vrrp_vr_track_if ifs[@n_ifs]
M	vrrp_vr_track_if_dump	a34dfc6d	vrrp	ffff	u32 client_index;u32 context;interface_index sw_if_index;u8 is_ipv6;u8 vr_id;u8 dump_all
M	vrrp_vr_update	0b51e2f4	vrrp	fff8	u32 client_index;u32 context;u32 vrrp_index;interface_index sw_if_index;u8 vr_id;u8 priority;u16 interval;vrrp_vr_flags flags;u8 n_addrs;address addrs[@n_addrs]
M	vrrp_vr_update_reply	5317d608	vrrp	fff8	u32 context;i32 retval;u32 vrrp_index
M	vxlan_add_del_tunnel	0c09dc80	vxlan	ffff	u32 client_index;u32 context;bool is_add=1;u32 instance;address src_address;address dst_address;interface_index mcast_sw_if_index;u32 encap_vrf_id;u32 decap_next_index;u32 vni
M	vxlan_add_del_tunnel_reply	5383d31f	vxlan	ffff	u32 context;i32 retval;interface_index sw_if_index
M	vxlan_add_del_tunnel_v2	4f223f40	vxlan	ffff	u32 client_index;u32 context;bool is_add=1;u32 instance=4294967295;address src_address;address dst_address;u16 src_port;u16 dst_port;interface_index mcast_sw_if_index;u32 encap_vrf_id;u32 decap_next_index;u32 vni
M	vxlan_add_del_tunnel_v2_reply	5383d31f	vxlan	ffff	u32 context;i32 retval;interface_index sw_if_index
M	vxlan_add_del_tunnel_v3	0072b037	vxlan	ffff	u32 client_index;u32 context;bool is_add=1;u32 instance=4294967295;address src_address;address dst_address;u16 src_port;u16 dst_port;interface_index mcast_sw_if_index;u32 encap_vrf_id;u32 decap_next_index;u32 vni;bool is_l3
M	vxlan_add_del_tunnel_v3_reply	5383d31f	vxlan	ffff	u32 context;i32 retval;interface_index sw_if_index
M	vxlan_gbp_tunnel_add_del	6c743427	vxlan_gbp	3	u32 client_index;u32 context;bool is_add=1;vxlan_gbp_tunnel tunnel
M	vxlan_gbp_tunnel_add_del_reply	5383d31f	vxlan_gbp	3	u32 context;i32 retval;interface_index sw_if_index
M	vxlan_gbp_tunnel_details	66e94a89	vxlan_gbp	3	u32 context;vxlan_gbp_tunnel tunnel
M	vxlan_gbp_tunnel_dump	f9e6675e	vxlan_gbp	3	u32 client_index;u32 context;interface_index sw_if_index=4294967295
M	vxlan_gpe_add_del_tunnel	a645b2b0	vxlan_gpe	ffff	u32 client_index;u32 context;address local;address remote;interface_index mcast_sw_if_index;u32 encap_vrf_id;u32 decap_vrf_id;ip_proto protocol;u32 vni;bool is_add=1
M	vxlan_gpe_add_del_tunnel_reply	5383d31f	vxlan_gpe	ffff	u32 context;i32 retval;interface_index sw_if_index
M	vxlan_gpe_add_del_tunnel_v2	d62fdb35	vxlan_gpe	fffc	u32 client_index;u32 context;address local;address remote;u16 local_port;u16 remote_port;interface_index mcast_sw_if_index;u32 encap_vrf_id;u32 decap_vrf_id;ip_proto protocol;u32 vni;bool is_add=1
M	vxlan_gpe_add_del_tunnel_v2_reply	5383d31f	vxlan_gpe	fffc	u32 context;i32 retval;interface_index sw_if_index
M	vxlan_gpe_ioam_disable	6b16a45e	ioam_vxlan_gpe	ffff	u32 client_index;u32 context;u16 id
M	vxlan_gpe_ioam_disable_reply	e8d4e804	ioam_vxlan_gpe	ffff	u32 context;i32 retval
M	vxlan_gpe_ioam_enable	2481bef7	ioam_vxlan_gpe	ffff	u32 client_index;u32 context;u16 id;u8 trace_ppc;bool pow_enable;bool trace_enable
M	vxlan_gpe_ioam_enable_reply	e8d4e804	ioam_vxlan_gpe	ffff	u32 context;i32 retval
M	vxlan_gpe_ioam_export_enable_disable	d4c76d3a	vxlan_gpe_ioam_export	ffff	u32 client_index;u32 context;bool is_disable;ip4_address collector_address;ip4_address src_address
M	vxlan_gpe_ioam_export_enable_disable_reply	e8d4e804	vxlan_gpe_ioam_export	ffff	u32 context;i32 retval
M	vxlan_gpe_ioam_transit_disable	3d3ec657	ioam_vxlan_gpe	ffff	u32 client_index;u32 context;u32 outer_fib_index;address dst_addr
M	vxlan_gpe_ioam_transit_disable_reply	e8d4e804	ioam_vxlan_gpe	ffff	u32 context;i32 retval
M	vxlan_gpe_ioam_transit_enable	3d3ec657	ioam_vxlan_gpe	ffff	u32 client_index;u32 context;u32 outer_fib_index;address dst_addr
M	vxlan_gpe_ioam_transit_enable_reply	e8d4e804	ioam_vxlan_gpe	ffff	u32 context;i32 retval
M	vxlan_gpe_ioam_vni_disable	0fbb5fb1	ioam_vxlan_gpe	ffff	u32 client_index;u32 context;u32 vni;address local;address remote
M	vxlan_gpe_ioam_vni_disable_reply	e8d4e804	ioam_vxlan_gpe	ffff	u32 context;i32 retval
M	vxlan_gpe_ioam_vni_enable	0fbb5fb1	ioam_vxlan_gpe	ffff	u32 client_index;u32 context;u32 vni;address local;address remote
M	vxlan_gpe_ioam_vni_enable_reply	e8d4e804	ioam_vxlan_gpe	ffff	u32 context;i32 retval
M	vxlan_gpe_tunnel_details	0968fc8b	vxlan_gpe	ffff	u32 context;interface_index sw_if_index;address local;address remote;u32 vni;ip_proto protocol;interface_index mcast_sw_if_index;u32 encap_vrf_id;u32 decap_vrf_id;bool is_ipv6
M	vxlan_gpe_tunnel_dump	f9e6675e	vxlan_gpe	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	vxlan_gpe_tunnel_v2_details	06be4870	vxlan_gpe	fffc	u32 context;interface_index sw_if_index;address local;address remote;u16 local_port;u16 remote_port;u32 vni;ip_proto protocol;interface_index mcast_sw_if_index;u32 encap_vrf_id;u32 decap_vrf_id;bool is_ipv6
M	vxlan_gpe_tunnel_v2_dump	f9e6675e	vxlan_gpe	fffc	u32 client_index;u32 context;interface_index sw_if_index
M	vxlan_offload_rx	9cc95087	vxlan	ffff	u32 client_index;u32 context;interface_index hw_if_index;interface_index sw_if_index;bool enable=1
M	vxlan_offload_rx_reply	e8d4e804	vxlan	ffff	u32 context;i32 retval
M	vxlan_tunnel_details	c3916cb1	vxlan	ffff	u32 context;interface_index sw_if_index;u32 instance;address src_address;address dst_address;interface_index mcast_sw_if_index;u32 encap_vrf_id;u32 decap_next_index;u32 vni
M	vxlan_tunnel_dump	f9e6675e	vxlan	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	vxlan_tunnel_v2_details	d3bdd4d9	vxlan	ffff	u32 context;interface_index sw_if_index;u32 instance;address src_address;address dst_address;u16 src_port;u16 dst_port;interface_index mcast_sw_if_index;u32 encap_vrf_id;u32 decap_next_index;u32 vni
M	vxlan_tunnel_v2_dump	f9e6675e	vxlan	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	want_bfd_events	c5e2af94	bfd	ffff	u32 client_index;u32 context;bool enable_disable;u32 pid
M	want_bfd_events_reply	e8d4e804	bfd	ffff	u32 context;i32 retval
M	want_dhcp6_pd_reply_events	c5e2af94	dhcp	ffff	u32 client_index;u32 context;bool enable_disable;u32 pid
M	want_dhcp6_pd_reply_events_reply	e8d4e804	dhcp	ffff	u32 context;i32 retval
M	want_dhcp6_reply_events	05b454b5	dhcp	ffff	u32 client_index;u32 context;u8 enable_disable;u32 pid
M	want_dhcp6_reply_events_reply	e8d4e804	dhcp	ffff	u32 context;i32 retval
M	want_igmp_events	cfaccc1f	igmp	ffff	u32 client_index;u32 context;u32 enable;u32 pid
M	want_igmp_events_reply	e8d4e804	igmp	ffff	u32 context;i32 retval
M	want_interface_events	476f5a08	interface	ffff	u32 client_index;u32 context;u32 enable_disable;u32 pid
M	want_interface_events_reply	e8d4e804	interface	ffff	u32 context;i32 retval
M	want_ip6_dad_events	c5e2af94	ip6_dad	8000	u32 client_index;u32 context;bool enable_disable;u32 pid
M	want_ip6_dad_events_reply	e8d4e804	ip6_dad	8000	u32 context;i32 retval
M	want_ip6_ra_events	3ec6d6c2	ip6_nd	ffff	u32 client_index;u32 context;bool enable;u32 pid
M	want_ip6_ra_events_reply	e8d4e804	ip6_nd	ffff	u32 context;i32 retval
M	want_ip_neighbor_events	73e70a86	ip_neighbor	ffff	u32 client_index;u32 context;bool enable;u32 pid;address ip;interface_index sw_if_index=4294967295
M	want_ip_neighbor_events_reply	e8d4e804	ip_neighbor	ffff	u32 context;i32 retval
M	want_ip_neighbor_events_v2	73e70a86	ip_neighbor	ffff	u32 client_index;u32 context;bool enable;u32 pid;address ip;interface_index sw_if_index=4294967295
M	want_ip_neighbor_events_v2_reply	e8d4e804	ip_neighbor	ffff	u32 context;i32 retval
M	want_l2_arp_term_events	3ec6d6c2	l2	ffff	u32 client_index;u32 context;bool enable;u32 pid
M	want_l2_arp_term_events_reply	e8d4e804	l2	ffff	u32 context;i32 retval
M	want_l2_macs_events	9aabdfde	l2	ffff	u32 client_index;u32 context;u32 learn_limit=1000;u8 scan_delay=10;u8 max_macs_in_event=10;bool enable_disable=1;u32 pid
M	want_l2_macs_events2	cc1377b0	l2	ffff	u32 client_index;u32 context;u8 max_macs_in_event=10;bool enable_disable=1;u32 pid
M	want_l2_macs_events2_reply	e8d4e804	l2	ffff	u32 context;i32 retval
M	want_l2_macs_events_reply	e8d4e804	l2	ffff	u32 context;i32 retval
M	want_ping_finished_events	e79ee58b	ping	ff00	u32 client_index;u32 context;address address;u32 repeat=1;f64 interval=1
M	want_ping_finished_events_reply	e8d4e804	ping	ff00	u32 context;i32 retval
M	want_vrrp_vr_events	c5e2af94	vrrp	ffff	u32 client_index;u32 context;bool enable_disable;u32 pid
M	want_vrrp_vr_events_reply	e8d4e804	vrrp	ffff	u32 context;i32 retval
M	want_wireguard_peer_events	3bc666c8	wireguard	fffc	u32 client_index;u32 context;interface_index sw_if_index=4294967295;u32 peer_index=4294967295;u32 enable_disable;u32 pid
M	want_wireguard_peer_events_reply	e8d4e804	wireguard	fffc	u32 context;i32 retval
M	wg_set_async_mode	a6465f7c	wireguard	fffc	u32 client_index;u32 context;bool async_enable
M	wg_set_async_mode_reply	e8d4e804	wireguard	fffc	u32 context;i32 retval
M	wireguard_interface_create	a530137e	wireguard	ffff	u32 client_index;u32 context;wireguard_interface interface;bool generate_key
M	wireguard_interface_create_reply	5383d31f	wireguard	ffff	u32 context;i32 retval;interface_index sw_if_index
M	wireguard_interface_delete	f9e6675e	wireguard	ffff	u32 client_index;u32 context;interface_index sw_if_index
M	wireguard_interface_delete_reply	e8d4e804	wireguard	ffff	u32 context;i32 retval
M	wireguard_interface_details	0dd4865d	wireguard	ffff	u32 context;wireguard_interface interface
M	wireguard_interface_dump	2c954158	wireguard	ffff	u32 client_index;u32 context;bool show_private_key;interface_index sw_if_index
M	wireguard_peer_add	ed792326	wireguard	3	u32 client_index;u32 context;wireguard_peer peer
M	wireguard_peer_add	aedf8d59	wireguard	4	u32 client_index;u32 context;wireguard_peer peer
M	wireguard_peer_add	9b8aad61	wireguard	fff8	u32 client_index;u32 context;wireguard_peer~2 peer
M	wireguard_peer_add_reply	084a0cd3	wireguard	ffff	u32 context;i32 retval;u32 peer_index
M	wireguard_peer_add_v2	4a07ba90	wireguard	8000	u32 client_index;u32 context;wireguard_peer_v2 peer
M	wireguard_peer_add_v2_reply	084a0cd3	wireguard	8000	u32 context;i32 retval;u32 peer_index
M	wireguard_peer_event	4e1b5d67	wireguard	fffc	u32 client_index;u32 pid;u32 peer_index;wireguard_peer_flags flags
M	wireguard_peer_remove	3b74607a	wireguard	ffff	u32 client_index;u32 context;u32 peer_index
M	wireguard_peer_remove_reply	e8d4e804	wireguard	ffff	u32 context;i32 retval
M	wireguard_peers_details	2097f740	wireguard	3	u32 context;wireguard_peer peer
M	wireguard_peers_details	29269d0e	wireguard	4	u32 context;wireguard_peer peer
M	wireguard_peers_details	6a9f6bc3	wireguard	fff8	u32 context;wireguard_peer~2 peer
M	wireguard_peers_dump	51077d14	wireguard	3	u32 client_index;u32 context
M	wireguard_peers_dump	3b74607a	wireguard	fffc	u32 client_index;u32 context;u32 peer_index=4294967295
M	wireguard_peers_v2_details	f5b86f42	wireguard	8000	u32 context;wireguard_peer_v2 peer
M	wireguard_peers_v2_dump	3b74607a	wireguard	8000	u32 client_index;u32 context;u32 peer_index=4294967295
V	abf_itf_attach_add_del	abf_itf_attach_add_del_reply		
V	abf_itf_attach_dump	abf_itf_attach_details	s	
V	abf_plugin_get_version	abf_plugin_get_version_reply		
V	abf_policy_add_del	abf_policy_add_del_reply		
V	abf_policy_dump	abf_policy_details	s	
V	acl_add_replace	acl_add_replace_reply		
V	acl_del	acl_del_reply		
V	acl_dump	acl_details	s	
V	acl_interface_add_del	acl_interface_add_del_reply		
V	acl_interface_etype_whitelist_dump	acl_interface_etype_whitelist_details	s	
V	acl_interface_list_dump	acl_interface_list_details	s	
V	acl_interface_set_acl_list	acl_interface_set_acl_list_reply		
V	acl_interface_set_etype_whitelist	acl_interface_set_etype_whitelist_reply		
V	acl_plugin_control_ping	acl_plugin_control_ping_reply		
V	acl_plugin_get_conn_table_max_entries	acl_plugin_get_conn_table_max_entries_reply		
V	acl_plugin_get_version	acl_plugin_get_version_reply		
V	acl_plugin_use_hash_lookup_get	acl_plugin_use_hash_lookup_get_reply		
V	acl_plugin_use_hash_lookup_set	acl_plugin_use_hash_lookup_set_reply		
V	acl_stats_intf_counters_enable	acl_stats_intf_counters_enable_reply		
V	add_del_ip_punt_redirect_v2	add_del_ip_punt_redirect_v2_reply		
V	add_node_next	add_node_next_reply		
V	adl_allowlist_enable_disable	adl_allowlist_enable_disable_reply		
V	adl_interface_enable_disable	adl_interface_enable_disable_reply		
V	af_packet_create	af_packet_create_reply		
V	af_packet_create_v2	af_packet_create_v2_reply		
V	af_packet_create_v3	af_packet_create_v3_reply		
V	af_packet_delete	af_packet_delete_reply		
V	af_packet_dump	af_packet_details	s	
V	af_packet_set_l4_cksum_offload	af_packet_set_l4_cksum_offload_reply		
V	af_xdp_create	af_xdp_create_reply		
V	af_xdp_create_v2	af_xdp_create_v2_reply		
V	af_xdp_create_v3	af_xdp_create_v3_reply		
V	af_xdp_delete	af_xdp_delete_reply		
V	api_versions	api_versions_reply		
V	app_add_cert_key_pair	app_add_cert_key_pair_reply		
V	app_attach	app_attach_reply		
V	app_del_cert_key_pair	app_del_cert_key_pair_reply		
V	app_namespace_add_del	app_namespace_add_del_reply		
V	app_namespace_add_del_v2	app_namespace_add_del_v2_reply		
V	app_namespace_add_del_v3	app_namespace_add_del_v3_reply		
V	app_namespace_add_del_v4	app_namespace_add_del_v4_reply		
V	app_worker_add_del	app_worker_add_del_reply		
V	application_detach	application_detach_reply		
V	application_tls_cert_add	application_tls_cert_add_reply		
V	application_tls_key_add	application_tls_key_add_reply		
V	arping	arping_reply		
V	arping_acd	arping_acd_reply		
V	auto_sdl_config	auto_sdl_config_reply		
V	avf_create	avf_create_reply		
V	avf_delete	avf_delete_reply		
V	bd_ip_mac_add_del	bd_ip_mac_add_del_reply		
V	bd_ip_mac_dump	bd_ip_mac_details	s	
V	bd_ip_mac_flush	bd_ip_mac_flush_reply		
V	bfd_auth_del_key	bfd_auth_del_key_reply		
V	bfd_auth_keys_dump	bfd_auth_keys_details	s	
V	bfd_auth_set_key	bfd_auth_set_key_reply		
V	bfd_udp_add	bfd_udp_add_reply		
V	bfd_udp_auth_activate	bfd_udp_auth_activate_reply		
V	bfd_udp_auth_deactivate	bfd_udp_auth_deactivate_reply		
V	bfd_udp_del	bfd_udp_del_reply		
V	bfd_udp_del_echo_source	bfd_udp_del_echo_source_reply		
V	bfd_udp_enable_multihop	bfd_udp_enable_multihop_reply		
V	bfd_udp_get_echo_source	bfd_udp_get_echo_source_reply		
V	bfd_udp_get_tos	bfd_udp_get_tos_reply		
V	bfd_udp_mod	bfd_udp_mod_reply		
V	bfd_udp_session_dump	bfd_udp_session_details	s	
V	bfd_udp_session_set_flags	bfd_udp_session_set_flags_reply		
V	bfd_udp_set_echo_source	bfd_udp_set_echo_source_reply		
V	bfd_udp_set_tos	bfd_udp_set_tos_reply		
V	bfd_udp_upd	bfd_udp_upd_reply		
V	bier_disp_entry_add_del	bier_disp_entry_add_del_reply		
V	bier_disp_entry_dump	bier_disp_entry_details	s	
V	bier_disp_table_add_del	bier_disp_table_add_del_reply		
V	bier_disp_table_dump	bier_disp_table_details	s	
V	bier_imp_add	bier_imp_add_reply		
V	bier_imp_del	bier_imp_del_reply		
V	bier_imp_dump	bier_imp_details	s	
V	bier_route_add_del	bier_route_add_del_reply		
V	bier_route_dump	bier_route_details	s	
V	bier_table_add_del	bier_table_add_del_reply		
V	bier_table_dump	bier_table_details	s	
V	bond_add_member	bond_add_member_reply		
V	bond_create	bond_create_reply		
V	bond_create2	bond_create2_reply		
V	bond_delete	bond_delete_reply		
V	bond_detach_member	bond_detach_member_reply		
V	bond_detach_slave	bond_detach_slave_reply		
V	bond_enslave	bond_enslave_reply		
V	bpf_trace_filter_set	bpf_trace_filter_set_reply		
V	bpf_trace_filter_set_v2	bpf_trace_filter_set_v2_reply		
V	bridge_domain_add_del	bridge_domain_add_del_reply		
V	bridge_domain_add_del_v2	bridge_domain_add_del_v2_reply		
V	bridge_domain_dump	bridge_domain_details	s	
V	bridge_domain_set_default_learn_limit	bridge_domain_set_default_learn_limit_reply		
V	bridge_domain_set_learn_limit	bridge_domain_set_learn_limit_reply		
V	bridge_domain_set_mac_age	bridge_domain_set_mac_age_reply		
V	bridge_flags	bridge_flags_reply		
V	builtinurl_enable	builtinurl_enable_reply		
V	bvi_create	bvi_create_reply		
V	bvi_delete	bvi_delete_reply		
V	cdp_enable_disable	cdp_enable_disable_reply		
V	classify_add_del_session	classify_add_del_session_reply		
V	classify_add_del_table	classify_add_del_table_reply		
V	classify_pcap_get_tables	classify_pcap_get_tables_reply		
V	classify_pcap_lookup_table	classify_pcap_lookup_table_reply		
V	classify_pcap_set_table	classify_pcap_set_table_reply		
V	classify_session_dump	classify_session_details	s	
V	classify_set_interface_ip_table	classify_set_interface_ip_table_reply		
V	classify_set_interface_l2_tables	classify_set_interface_l2_tables_reply		
V	classify_table_by_interface	classify_table_by_interface_reply		
V	classify_table_ids	classify_table_ids_reply		
V	classify_table_info	classify_table_info_reply		
V	classify_trace_get_tables	classify_trace_get_tables_reply		
V	classify_trace_lookup_table	classify_trace_lookup_table_reply		
V	classify_trace_set_table	classify_trace_set_table_reply		
V	cli	cli_reply		
V	cli_inband	cli_inband_reply		
V	cnat_get_snat_addresses	cnat_get_snat_addresses_reply		
V	cnat_session_dump	cnat_session_details	s	
V	cnat_session_purge	cnat_session_purge_reply		
V	cnat_set_snat_addresses	cnat_set_snat_addresses_reply		
V	cnat_set_snat_addresses_v2	cnat_set_snat_addresses_v2_reply		
V	cnat_set_snat_policy	cnat_set_snat_policy_reply		
V	cnat_snat_addresses_dump	cnat_snat_addresses_details	s	
V	cnat_snat_policy_add_del_exclude_pfx	cnat_snat_policy_add_del_exclude_pfx_reply		
V	cnat_snat_policy_add_del_if	cnat_snat_policy_add_del_if_reply		
V	cnat_translation_del	cnat_translation_del_reply		
V	cnat_translation_dump	cnat_translation_details	s	
V	cnat_translation_update	cnat_translation_update_reply		
V	collect_detailed_interface_stats	collect_detailed_interface_stats_reply		
V	control_ping	control_ping_reply		
V	create_loopback	create_loopback_reply		
V	create_loopback_instance	create_loopback_instance_reply		
V	create_subif	create_subif_reply		
V	create_vhost_user_if	create_vhost_user_if_reply		
V	create_vhost_user_if_v2	create_vhost_user_if_v2_reply		
V	create_vlan_subif	create_vlan_subif_reply		
V	crypto_set_async_dispatch	crypto_set_async_dispatch_reply		
V	crypto_set_async_dispatch_v2	crypto_set_async_dispatch_v2_reply		
V	crypto_set_handler	crypto_set_handler_reply		
V	crypto_sw_scheduler_set_worker	crypto_sw_scheduler_set_worker_reply		
V	ct6_enable_disable	ct6_enable_disable_reply		
V	delete_loopback	delete_loopback_reply		
V	delete_subif	delete_subif_reply		
V	delete_vhost_user_if	delete_vhost_user_if_reply		
V	det44_add_del_map	det44_add_del_map_reply		
V	det44_close_session_in	det44_close_session_in_reply		
V	det44_close_session_out	det44_close_session_out_reply		
V	det44_forward	det44_forward_reply		
V	det44_get_timeouts	det44_get_timeouts_reply		
V	det44_interface_add_del_feature	det44_interface_add_del_feature_reply		
V	det44_interface_dump	det44_interface_details	s	
V	det44_map_dump	det44_map_details	s	
V	det44_plugin_enable_disable	det44_plugin_enable_disable_reply		
V	det44_reverse	det44_reverse_reply		
V	det44_session_dump	det44_session_details	s	
V	det44_set_timeouts	det44_set_timeouts_reply		
V	dev_attach	dev_attach_reply		
V	dev_create_port_if	dev_create_port_if_reply		
V	dev_detach	dev_detach_reply		
V	dev_remove_port_if	dev_remove_port_if_reply		
V	dhcp6_client_enable_disable	dhcp6_client_enable_disable_reply		
V	dhcp6_clients_enable_disable	dhcp6_clients_enable_disable_reply		
V	dhcp6_duid_ll_set	dhcp6_duid_ll_set_reply		
V	dhcp6_pd_client_enable_disable	dhcp6_pd_client_enable_disable_reply		
V	dhcp6_pd_send_client_message	dhcp6_pd_send_client_message_reply		
V	dhcp6_send_client_message	dhcp6_send_client_message_reply		
V	dhcp_client_config	dhcp_client_config_reply		
V	dhcp_client_detect_enable_disable	dhcp_client_detect_enable_disable_reply		
V	dhcp_client_dump	dhcp_client_details	s	
V	dhcp_plugin_control_ping	dhcp_plugin_control_ping_reply		
V	dhcp_plugin_get_version	dhcp_plugin_get_version_reply		
V	dhcp_proxy_config	dhcp_proxy_config_reply		
V	dhcp_proxy_dump	dhcp_proxy_details	s	
V	dhcp_proxy_set_vss	dhcp_proxy_set_vss_reply		
V	dns_enable_disable	dns_enable_disable_reply		
V	dns_name_server_add_del	dns_name_server_add_del_reply		
V	dns_resolve_ip	dns_resolve_ip_reply		
V	dns_resolve_name	dns_resolve_name_reply		
V	dslite_add_del_pool_addr_range	dslite_add_del_pool_addr_range_reply		
V	dslite_address_dump	dslite_address_details	s	
V	dslite_get_aftr_addr	dslite_get_aftr_addr_reply		
V	dslite_get_b4_addr	dslite_get_b4_addr_reply		
V	dslite_set_aftr_addr	dslite_set_aftr_addr_reply		
V	dslite_set_b4_addr	dslite_set_b4_addr_reply		
V	feature_cnat_enable_disable	feature_cnat_enable_disable_reply		
V	feature_enable_disable	feature_enable_disable_reply		
V	feature_gso_enable_disable	feature_gso_enable_disable_reply		
V	feature_is_enabled	feature_is_enabled_reply		
V	fib_source_add	fib_source_add_reply		
V	fib_source_dump	fib_source_details	s	
V	flow_add	flow_add_reply		
V	flow_add_v2	flow_add_v2_reply		
V	flow_classify_dump	flow_classify_details	s	
V	flow_classify_set_interface	flow_classify_set_interface_reply		
V	flow_del	flow_del_reply		
V	flow_disable	flow_disable_reply		
V	flow_enable	flow_enable_reply		
V	flowprobe_get_params	flowprobe_get_params_reply		
V	flowprobe_interface_add_del	flowprobe_interface_add_del_reply		
V	flowprobe_interface_dump	flowprobe_interface_details	s	
V	flowprobe_params	flowprobe_params_reply		
V	flowprobe_set_params	flowprobe_set_params_reply		
V	flowprobe_tx_interface_add_del	flowprobe_tx_interface_add_del_reply		
V	gbp_bridge_domain_add	gbp_bridge_domain_add_reply		
V	gbp_bridge_domain_del	gbp_bridge_domain_del_reply		
V	gbp_bridge_domain_dump	gbp_bridge_domain_details	s	
V	gbp_contract_add_del	gbp_contract_add_del_reply		
V	gbp_contract_dump	gbp_contract_details	s	
V	gbp_endpoint_add	gbp_endpoint_add_reply		
V	gbp_endpoint_del	gbp_endpoint_del_reply		
V	gbp_endpoint_dump	gbp_endpoint_details	s	
V	gbp_endpoint_group_add	gbp_endpoint_group_add_reply		
V	gbp_endpoint_group_del	gbp_endpoint_group_del_reply		
V	gbp_endpoint_group_dump	gbp_endpoint_group_details	s	
V	gbp_ext_itf_add_del	gbp_ext_itf_add_del_reply		
V	gbp_ext_itf_dump	gbp_ext_itf_details	s	
V	gbp_recirc_add_del	gbp_recirc_add_del_reply		
V	gbp_recirc_dump	gbp_recirc_details	s	
V	gbp_route_domain_add	gbp_route_domain_add_reply		
V	gbp_route_domain_del	gbp_route_domain_del_reply		
V	gbp_route_domain_dump	gbp_route_domain_details	s	
V	gbp_subnet_add_del	gbp_subnet_add_del_reply		
V	gbp_subnet_dump	gbp_subnet_details	s	
V	gbp_vxlan_tunnel_add	gbp_vxlan_tunnel_add_reply		
V	gbp_vxlan_tunnel_del	gbp_vxlan_tunnel_del_reply		
V	gbp_vxlan_tunnel_dump	gbp_vxlan_tunnel_details	s	
V	geneve_add_del_tunnel	geneve_add_del_tunnel_reply		
V	geneve_add_del_tunnel2	geneve_add_del_tunnel2_reply		
V	geneve_tunnel_dump	geneve_tunnel_details	s	
V	get_api_json	get_api_json_reply		
V	get_f64_endian_value	get_f64_endian_value_reply		
V	get_f64_increment_by_one	get_f64_increment_by_one_reply		
V	get_first_msg_id	get_first_msg_id_reply		
V	get_next_index	get_next_index_reply		
V	get_node_graph	get_node_graph_reply		
V	get_node_index	get_node_index_reply		
V	gpe_add_del_fwd_entry	gpe_add_del_fwd_entry_reply		
V	gpe_add_del_iface	gpe_add_del_iface_reply		
V	gpe_add_del_native_fwd_rpath	gpe_add_del_native_fwd_rpath_reply		
V	gpe_enable_disable	gpe_enable_disable_reply		
V	gpe_fwd_entries_get	gpe_fwd_entries_get_reply		
V	gpe_fwd_entry_path_dump	gpe_fwd_entry_path_details	s	
V	gpe_fwd_entry_vnis_get	gpe_fwd_entry_vnis_get_reply		
V	gpe_get_encap_mode	gpe_get_encap_mode_reply		
V	gpe_native_fwd_rpaths_get	gpe_native_fwd_rpaths_get_reply		
V	gpe_set_encap_mode	gpe_set_encap_mode_reply		
V	graph_node_get	graph_node_get_reply	s	graph_node_details
V	gre_tunnel_add_del	gre_tunnel_add_del_reply		
V	gre_tunnel_add_del_v2	gre_tunnel_add_del_v2_reply		
V	gre_tunnel_dump	gre_tunnel_details	s	
V	gre_tunnel_dump_v2	gre_tunnel_dump_v2_reply		
V	gre_tunnel_v2_dump	gre_tunnel_v2_details	s	
V	gtpu_add_del_forward	gtpu_add_del_forward_reply		
V	gtpu_add_del_tunnel	gtpu_add_del_tunnel_reply		
V	gtpu_add_del_tunnel_v2	gtpu_add_del_tunnel_v2_reply		
V	gtpu_get_transfer_counts	gtpu_get_transfer_counts_reply		
V	gtpu_offload_rx	gtpu_offload_rx_reply		
V	gtpu_tunnel_dump	gtpu_tunnel_details	s	
V	gtpu_tunnel_update_tteid	gtpu_tunnel_update_tteid_reply		
V	gtpu_tunnel_v2_dump	gtpu_tunnel_v2_details	s	
V	http_static_enable	http_static_enable_reply		
V	http_static_enable_v2	http_static_enable_v2_reply		
V	http_static_enable_v3	http_static_enable_v3_reply		
V	http_static_enable_v4	http_static_enable_v4_reply		
V	http_static_enable_v5	http_static_enable_v5_reply		
V	hw_interface_set_mtu	hw_interface_set_mtu_reply		
V	idpf_create	idpf_create_reply		
V	idpf_delete	idpf_delete_reply		
V	igmp_clear_interface	igmp_clear_interface_reply		
V	igmp_dump	igmp_details	s	
V	igmp_enable_disable	igmp_enable_disable_reply		
V	igmp_group_prefix_dump	igmp_group_prefix_details	s	
V	igmp_group_prefix_set	igmp_group_prefix_set_reply		
V	igmp_listen	igmp_listen_reply		
V	igmp_proxy_device_add_del	igmp_proxy_device_add_del_reply		
V	igmp_proxy_device_add_del_interface	igmp_proxy_device_add_del_interface_reply		
V	ikev2_child_sa_dump	ikev2_child_sa_details	s	
V	ikev2_child_sa_v2_dump	ikev2_child_sa_v2_details	s	
V	ikev2_get_sleep_interval	ikev2_get_sleep_interval_reply		
V	ikev2_initiate_del_child_sa	ikev2_initiate_del_child_sa_reply		
V	ikev2_initiate_del_ike_sa	ikev2_initiate_del_ike_sa_reply		
V	ikev2_initiate_rekey_child_sa	ikev2_initiate_rekey_child_sa_reply		
V	ikev2_initiate_sa_init	ikev2_initiate_sa_init_reply		
V	ikev2_nonce_get	ikev2_nonce_get_reply		
V	ikev2_plugin_get_version	ikev2_plugin_get_version_reply		
V	ikev2_plugin_set_sleep_interval	ikev2_plugin_set_sleep_interval_reply		
V	ikev2_profile_add_del	ikev2_profile_add_del_reply		
V	ikev2_profile_disable_natt	ikev2_profile_disable_natt_reply		
V	ikev2_profile_dump	ikev2_profile_details	s	
V	ikev2_profile_set_auth	ikev2_profile_set_auth_reply		
V	ikev2_profile_set_id	ikev2_profile_set_id_reply		
V	ikev2_profile_set_ipsec_udp_port	ikev2_profile_set_ipsec_udp_port_reply		
V	ikev2_profile_set_liveness	ikev2_profile_set_liveness_reply		
V	ikev2_profile_set_ts	ikev2_profile_set_ts_reply		
V	ikev2_profile_set_udp_encap	ikev2_profile_set_udp_encap_reply		
V	ikev2_sa_dump	ikev2_sa_details	s	
V	ikev2_sa_v2_dump	ikev2_sa_v2_details	s	
V	ikev2_sa_v3_dump	ikev2_sa_v3_details	s	
V	ikev2_set_esp_transforms	ikev2_set_esp_transforms_reply		
V	ikev2_set_ike_transforms	ikev2_set_ike_transforms_reply		
V	ikev2_set_local_key	ikev2_set_local_key_reply		
V	ikev2_set_responder	ikev2_set_responder_reply		
V	ikev2_set_responder_hostname	ikev2_set_responder_hostname_reply		
V	ikev2_set_sa_lifetime	ikev2_set_sa_lifetime_reply		
V	ikev2_set_tunnel_interface	ikev2_set_tunnel_interface_reply		
V	ikev2_traffic_selector_dump	ikev2_traffic_selector_details	s	
V	input_acl_set_interface	input_acl_set_interface_reply		
V	interface_name_renumber	interface_name_renumber_reply		
V	ioam_cache_ip6_enable_disable	ioam_cache_ip6_enable_disable_reply		
V	ioam_disable	ioam_disable_reply		
V	ioam_enable	ioam_enable_reply		
V	ioam_export_ip6_enable_disable	ioam_export_ip6_enable_disable_reply		
V	ip6_add_del_address_using_prefix	ip6_add_del_address_using_prefix_reply		
V	ip6_dad_dump	ip6_dad_details	s	
V	ip6_dad_enable_disable	ip6_dad_enable_disable_reply		
V	ip6_nd_address_autoconfig	ip6_nd_address_autoconfig_reply		
V	ip6nd_proxy_add_del	ip6nd_proxy_add_del_reply		
V	ip6nd_proxy_dump	ip6nd_proxy_details	s	
V	ip6nd_proxy_enable_disable	ip6nd_proxy_enable_disable_reply		
V	ip6nd_send_router_solicitation	ip6nd_send_router_solicitation_reply		
V	ip_address_dump	ip_address_details	s	
V	ip_container_proxy_add_del	ip_container_proxy_add_del_reply		
V	ip_container_proxy_dump	ip_container_proxy_details	s	
V	ip_dump	ip_details	s	
V	ip_local_reass_enable_disable	ip_local_reass_enable_disable_reply		
V	ip_local_reass_get	ip_local_reass_get_reply		
V	ip_mroute_add_del	ip_mroute_add_del_reply		
V	ip_mroute_dump	ip_mroute_details	s	
V	ip_mtable_dump	ip_mtable_details	s	
V	ip_neighbor_add_del	ip_neighbor_add_del_reply		
V	ip_neighbor_config	ip_neighbor_config_reply		
V	ip_neighbor_config_get	ip_neighbor_config_get_reply		
V	ip_neighbor_dump	ip_neighbor_details	s	
V	ip_neighbor_flush	ip_neighbor_flush_reply		
V	ip_neighbor_replace_begin	ip_neighbor_replace_begin_reply		
V	ip_neighbor_replace_end	ip_neighbor_replace_end_reply		
V	ip_path_mtu_get	ip_path_mtu_get_reply	s	ip_path_mtu_details
V	ip_path_mtu_replace_begin	ip_path_mtu_replace_begin_reply		
V	ip_path_mtu_replace_end	ip_path_mtu_replace_end_reply		
V	ip_path_mtu_update	ip_path_mtu_update_reply		
V	ip_punt_police	ip_punt_police_reply		
V	ip_punt_redirect	ip_punt_redirect_reply		
V	ip_punt_redirect_dump	ip_punt_redirect_details	s	
V	ip_punt_redirect_v2_dump	ip_punt_redirect_v2_details	s	
V	ip_reassembly_enable_disable	ip_reassembly_enable_disable_reply		
V	ip_reassembly_get	ip_reassembly_get_reply		
V	ip_reassembly_set	ip_reassembly_set_reply		
V	ip_route_add_del	ip_route_add_del_reply		
V	ip_route_add_del_v2	ip_route_add_del_v2_reply		
V	ip_route_dump	ip_route_details	s	
V	ip_route_lookup	ip_route_lookup_reply		
V	ip_route_lookup_v2	ip_route_lookup_v2_reply		
V	ip_route_v2_dump	ip_route_v2_details	s	
V	ip_session_redirect_add	ip_session_redirect_add_reply		
V	ip_session_redirect_add_v2	ip_session_redirect_add_v2_reply		
V	ip_session_redirect_del	ip_session_redirect_del_reply		
V	ip_session_redirect_dump	ip_session_redirect_details	s	
V	ip_source_and_port_range_check_add_del	ip_source_and_port_range_check_add_del_reply		
V	ip_source_and_port_range_check_interface_add_del	ip_source_and_port_range_check_interface_add_del_reply		
V	ip_table_add_del	ip_table_add_del_reply		
V	ip_table_add_del_v2	ip_table_add_del_v2_reply		
V	ip_table_allocate	ip_table_allocate_reply		
V	ip_table_dump	ip_table_details	s	
V	ip_table_flush	ip_table_flush_reply		
V	ip_table_replace_begin	ip_table_replace_begin_reply		
V	ip_table_replace_end	ip_table_replace_end_reply		
V	ip_unnumbered_dump	ip_unnumbered_details	s	
V	ipfix_all_exporter_get	ipfix_all_exporter_get_reply	s	ipfix_all_exporter_details
V	ipfix_classify_stream_dump	ipfix_classify_stream_details	s	
V	ipfix_classify_table_add_del	ipfix_classify_table_add_del_reply		
V	ipfix_classify_table_dump	ipfix_classify_table_details	s	
V	ipfix_exporter_create_delete	ipfix_exporter_create_delete_reply		
V	ipfix_exporter_dump	ipfix_exporter_details	s	
V	ipfix_flush	ipfix_flush_reply		
V	ipip_6rd_add_tunnel	ipip_6rd_add_tunnel_reply		
V	ipip_6rd_del_tunnel	ipip_6rd_del_tunnel_reply		
V	ipip_add_tunnel	ipip_add_tunnel_reply		
V	ipip_del_tunnel	ipip_del_tunnel_reply		
V	ipip_tunnel_dump	ipip_tunnel_details	s	
V	ipsec_backend_dump	ipsec_backend_details	s	
V	ipsec_interface_add_del_spd	ipsec_interface_add_del_spd_reply		
V	ipsec_itf_create	ipsec_itf_create_reply		
V	ipsec_itf_delete	ipsec_itf_delete_reply		
V	ipsec_itf_dump	ipsec_itf_details	s	
V	ipsec_sa_dump	ipsec_sa_details	s	
V	ipsec_sa_v2_dump	ipsec_sa_v2_details	s	
V	ipsec_sa_v3_dump	ipsec_sa_v3_details	s	
V	ipsec_sa_v4_dump	ipsec_sa_v4_details	s	
V	ipsec_sa_v5_dump	ipsec_sa_v5_details	s	
V	ipsec_sad_bind	ipsec_sad_bind_reply		
V	ipsec_sad_entry_add	ipsec_sad_entry_add_reply		
V	ipsec_sad_entry_add_del	ipsec_sad_entry_add_del_reply		
V	ipsec_sad_entry_add_del_v2	ipsec_sad_entry_add_del_v2_reply		
V	ipsec_sad_entry_add_del_v3	ipsec_sad_entry_add_del_v3_reply		
V	ipsec_sad_entry_add_v2	ipsec_sad_entry_add_v2_reply		
V	ipsec_sad_entry_del	ipsec_sad_entry_del_reply		
V	ipsec_sad_entry_update	ipsec_sad_entry_update_reply		
V	ipsec_sad_unbind	ipsec_sad_unbind_reply		
V	ipsec_select_backend	ipsec_select_backend_reply		
V	ipsec_set_async_mode	ipsec_set_async_mode_reply		
V	ipsec_spd_add_del	ipsec_spd_add_del_reply		
V	ipsec_spd_dump	ipsec_spd_details	s	
V	ipsec_spd_entry_add_del	ipsec_spd_entry_add_del_reply		
V	ipsec_spd_entry_add_del_v2	ipsec_spd_entry_add_del_v2_reply		
V	ipsec_spd_interface_dump	ipsec_spd_interface_details	s	
V	ipsec_spds_dump	ipsec_spds_details	s	
V	ipsec_tunnel_protect_del	ipsec_tunnel_protect_del_reply		
V	ipsec_tunnel_protect_dump	ipsec_tunnel_protect_details	s	
V	ipsec_tunnel_protect_update	ipsec_tunnel_protect_update_reply		
V	l2_emulation	l2_emulation_reply		
V	l2_fib_clear_table	l2_fib_clear_table_reply		
V	l2_fib_table_dump	l2_fib_table_details	s	
V	l2_flags	l2_flags_reply		
V	l2_flags_get	l2_flags_get_reply		
V	l2_flags_set	l2_flags_set_reply		
V	l2_interface_efp_filter	l2_interface_efp_filter_reply		
V	l2_interface_feat_flags_get	l2_interface_feat_flags_get_reply		
V	l2_interface_feat_flags_set	l2_interface_feat_flags_set_reply		
V	l2_interface_pbb_tag_rewrite	l2_interface_pbb_tag_rewrite_reply		
V	l2_interface_vlan_tag_rewrite	l2_interface_vlan_tag_rewrite_reply		
V	l2_patch_add_del	l2_patch_add_del_reply		
V	l2_xconnect_dump	l2_xconnect_details	s	
V	l2fib_add_del	l2fib_add_del_reply		
V	l2fib_flush_all	l2fib_flush_all_reply		
V	l2fib_flush_bd	l2fib_flush_bd_reply		
V	l2fib_flush_int	l2fib_flush_int_reply		
V	l2fib_set_scan_delay	l2fib_set_scan_delay_reply		
V	l2tpv3_create_tunnel	l2tpv3_create_tunnel_reply		
V	l2tpv3_interface_enable_disable	l2tpv3_interface_enable_disable_reply		
V	l2tpv3_set_lookup_key	l2tpv3_set_lookup_key_reply		
V	l2tpv3_set_tunnel_cookies	l2tpv3_set_tunnel_cookies_reply		
V	l3xc_del	l3xc_del_reply		
V	l3xc_dump	l3xc_details	s	
V	l3xc_plugin_get_version	l3xc_plugin_get_version_reply		
V	l3xc_update	l3xc_update_reply		
V	lb_add_del_as	lb_add_del_as_reply		
V	lb_add_del_intf_nat4	lb_add_del_intf_nat4_reply		
V	lb_add_del_intf_nat6	lb_add_del_intf_nat6_reply		
V	lb_add_del_vip	lb_add_del_vip_reply		
V	lb_add_del_vip_v2	lb_add_del_vip_v2_reply		
V	lb_as_dump	lb_as_details	s	
V	lb_conf	lb_conf_reply		
V	lb_flush_vip	lb_flush_vip_reply		
V	lb_vip_dump	lb_vip_details	s	
V	lcp_default_ns_get	lcp_default_ns_get_reply		
V	lcp_default_ns_set	lcp_default_ns_set_reply		
V	lcp_ethertype_enable	lcp_ethertype_enable_reply		
V	lcp_ethertype_get	lcp_ethertype_get_reply		
V	lcp_itf_pair_add_del	lcp_itf_pair_add_del_reply		
V	lcp_itf_pair_add_del_v2	lcp_itf_pair_add_del_v2_reply		
V	lcp_itf_pair_add_del_v3	lcp_itf_pair_add_del_v3_reply		
V	lcp_itf_pair_get	lcp_itf_pair_get_reply	s	lcp_itf_pair_details
V	lcp_itf_pair_get_v2	lcp_itf_pair_get_v2_reply	s	lcp_itf_pair_details
V	lcp_itf_pair_replace_begin	lcp_itf_pair_replace_begin_reply		
V	lcp_itf_pair_replace_end	lcp_itf_pair_replace_end_reply		
V	lcp_osi_proto_enable	lcp_osi_proto_enable_reply		
V	lcp_osi_proto_get	lcp_osi_proto_get_reply		
V	lcp_sync_unnumbered_get	lcp_sync_unnumbered_get_reply		
V	lcp_sync_unnumbered_set	lcp_sync_unnumbered_set_reply		
V	lisp_add_del_adjacency	lisp_add_del_adjacency_reply		
V	lisp_add_del_local_eid	lisp_add_del_local_eid_reply		
V	lisp_add_del_locator	lisp_add_del_locator_reply		
V	lisp_add_del_locator_set	lisp_add_del_locator_set_reply		
V	lisp_add_del_map_request_itr_rlocs	lisp_add_del_map_request_itr_rlocs_reply		
V	lisp_add_del_map_resolver	lisp_add_del_map_resolver_reply		
V	lisp_add_del_map_server	lisp_add_del_map_server_reply		
V	lisp_add_del_remote_mapping	lisp_add_del_remote_mapping_reply		
V	lisp_adjacencies_get	lisp_adjacencies_get_reply		
V	lisp_eid_table_add_del_map	lisp_eid_table_add_del_map_reply		
V	lisp_eid_table_dump	lisp_eid_table_details	s	
V	lisp_eid_table_map_dump	lisp_eid_table_map_details	s	
V	lisp_eid_table_vni_dump	lisp_eid_table_vni_details	s	
V	lisp_enable_disable	lisp_enable_disable_reply		
V	lisp_get_map_request_itr_rlocs	lisp_get_map_request_itr_rlocs_reply		
V	lisp_locator_dump	lisp_locator_details	s	
V	lisp_locator_set_dump	lisp_locator_set_details	s	
V	lisp_map_register_enable_disable	lisp_map_register_enable_disable_reply		
V	lisp_map_request_mode	lisp_map_request_mode_reply		
V	lisp_map_resolver_dump	lisp_map_resolver_details	s	
V	lisp_map_server_dump	lisp_map_server_details	s	
V	lisp_pitr_set_locator_set	lisp_pitr_set_locator_set_reply		
V	lisp_rloc_probe_enable_disable	lisp_rloc_probe_enable_disable_reply		
V	lisp_use_petr	lisp_use_petr_reply		
V	lldp_config	lldp_config_reply		
V	lldp_dump	lldp_dump_reply	s	lldp_details
V	log_dump	log_details	s	
V	macip_acl_add	macip_acl_add_reply		
V	macip_acl_add_replace	macip_acl_add_replace_reply		
V	macip_acl_del	macip_acl_del_reply		
V	macip_acl_dump	macip_acl_details	s	
V	macip_acl_interface_add_del	macip_acl_interface_add_del_reply		
V	macip_acl_interface_get	macip_acl_interface_get_reply		
V	macip_acl_interface_list_dump	macip_acl_interface_list_details	s	
V	mactime_add_del_range	mactime_add_del_range_reply		
V	mactime_dump	mactime_details	s	
V	mactime_enable_disable	mactime_enable_disable_reply		
V	map_add_del_rule	map_add_del_rule_reply		
V	map_add_domain	map_add_domain_reply		
V	map_del_domain	map_del_domain_reply		
V	map_domain_dump	map_domain_details	s	
V	map_domains_get	map_domains_get_reply	s	map_domain_details
V	map_if_enable_disable	map_if_enable_disable_reply		
V	map_param_add_del_pre_resolve	map_param_add_del_pre_resolve_reply		
V	map_param_get	map_param_get_reply		
V	map_param_set_fragmentation	map_param_set_fragmentation_reply		
V	map_param_set_icmp	map_param_set_icmp_reply		
V	map_param_set_icmp6	map_param_set_icmp6_reply		
V	map_param_set_security_check	map_param_set_security_check_reply		
V	map_param_set_tcp	map_param_set_tcp_reply		
V	map_param_set_traffic_class	map_param_set_traffic_class_reply		
V	map_rule_dump	map_rule_details	s	
V	map_summary_stats	map_summary_stats_reply		
V	mdata_enable_disable	mdata_enable_disable_reply		
V	memclnt_create	memclnt_create_reply		
V	memclnt_create_v2	memclnt_create_v2_reply		
V	memclnt_delete	memclnt_delete_reply		
V	memclnt_keepalive	memclnt_keepalive_reply		
V	memclnt_read_timeout	null		
V	memclnt_rx_thread_suspend	null		
V	memif_create	memif_create_reply		
V	memif_create_v2	memif_create_v2_reply		
V	memif_delete	memif_delete_reply		
V	memif_dump	memif_details	s	
V	memif_socket_filename_add_del	memif_socket_filename_add_del_reply		
V	memif_socket_filename_add_del_v2	memif_socket_filename_add_del_v2_reply		
V	memif_socket_filename_dump	memif_socket_filename_details	s	
V	mfib_signal_dump	mfib_signal_details	s	
V	modify_vhost_user_if	modify_vhost_user_if_reply		
V	modify_vhost_user_if_v2	modify_vhost_user_if_v2_reply		
V	mpls_interface_dump	mpls_interface_details	s	
V	mpls_ip_bind_unbind	mpls_ip_bind_unbind_reply		
V	mpls_route_add_del	mpls_route_add_del_reply		
V	mpls_route_dump	mpls_route_details	s	
V	mpls_table_add_del	mpls_table_add_del_reply		
V	mpls_table_dump	mpls_table_details	s	
V	mpls_tunnel_add_del	mpls_tunnel_add_del_reply		
V	mpls_tunnel_dump	mpls_tunnel_details	s	
V	mrvl_pp2_create	mrvl_pp2_create_reply		
V	mrvl_pp2_delete	mrvl_pp2_delete_reply		
V	mss_clamp_enable_disable	mss_clamp_enable_disable_reply		
V	mss_clamp_get	mss_clamp_get_reply	s	mss_clamp_details
V	nat44_add_del_address_range	nat44_add_del_address_range_reply		
V	nat44_add_del_identity_mapping	nat44_add_del_identity_mapping_reply		
V	nat44_add_del_interface_addr	nat44_add_del_interface_addr_reply		
V	nat44_add_del_lb_static_mapping	nat44_add_del_lb_static_mapping_reply		
V	nat44_add_del_static_mapping	nat44_add_del_static_mapping_reply		
V	nat44_add_del_static_mapping_v2	nat44_add_del_static_mapping_v2_reply		
V	nat44_address_dump	nat44_address_details	s	
V	nat44_del_session	nat44_del_session_reply		
V	nat44_del_user	nat44_del_user_reply		
V	nat44_ed_add_del_output_interface	nat44_ed_add_del_output_interface_reply		
V	nat44_ed_add_del_vrf_route	nat44_ed_add_del_vrf_route_reply		
V	nat44_ed_add_del_vrf_table	nat44_ed_add_del_vrf_table_reply		
V	nat44_ed_output_interface_get	nat44_ed_output_interface_get_reply	s	nat44_ed_output_interface_details
V	nat44_ed_plugin_enable_disable	nat44_ed_plugin_enable_disable_reply		
V	nat44_ed_set_fq_options	nat44_ed_set_fq_options_reply		
V	nat44_ed_show_fq_options	nat44_ed_show_fq_options_reply		
V	nat44_ed_vrf_tables_dump	nat44_ed_vrf_tables_details	s	
V	nat44_ed_vrf_tables_v2_dump	nat44_ed_vrf_tables_v2_details	s	
V	nat44_ei_add_del_address_range	nat44_ei_add_del_address_range_reply		
V	nat44_ei_add_del_identity_mapping	nat44_ei_add_del_identity_mapping_reply		
V	nat44_ei_add_del_interface_addr	nat44_ei_add_del_interface_addr_reply		
V	nat44_ei_add_del_output_interface	nat44_ei_add_del_output_interface_reply		
V	nat44_ei_add_del_static_mapping	nat44_ei_add_del_static_mapping_reply		
V	nat44_ei_address_dump	nat44_ei_address_details	s	
V	nat44_ei_del_session	nat44_ei_del_session_reply		
V	nat44_ei_del_user	nat44_ei_del_user_reply		
V	nat44_ei_forwarding_enable_disable	nat44_ei_forwarding_enable_disable_reply		
V	nat44_ei_get_addr_and_port_alloc_alg	nat44_ei_get_addr_and_port_alloc_alg_reply		
V	nat44_ei_get_mss_clamping	nat44_ei_get_mss_clamping_reply		
V	nat44_ei_ha_flush	nat44_ei_ha_flush_reply		
V	nat44_ei_ha_get_failover	nat44_ei_ha_get_failover_reply		
V	nat44_ei_ha_get_listener	nat44_ei_ha_get_listener_reply		
V	nat44_ei_ha_resync	nat44_ei_ha_resync_reply		
V	nat44_ei_ha_set_failover	nat44_ei_ha_set_failover_reply		
V	nat44_ei_ha_set_listener	nat44_ei_ha_set_listener_reply		
V	nat44_ei_identity_mapping_dump	nat44_ei_identity_mapping_details	s	
V	nat44_ei_interface_add_del_feature	nat44_ei_interface_add_del_feature_reply		
V	nat44_ei_interface_add_del_output_feature	nat44_ei_interface_add_del_output_feature_reply		
V	nat44_ei_interface_addr_dump	nat44_ei_interface_addr_details	s	
V	nat44_ei_interface_dump	nat44_ei_interface_details	s	
V	nat44_ei_interface_output_feature_dump	nat44_ei_interface_output_feature_details	s	
V	nat44_ei_ipfix_enable_disable	nat44_ei_ipfix_enable_disable_reply		
V	nat44_ei_output_interface_get	nat44_ei_output_interface_get_reply	s	nat44_ei_output_interface_details
V	nat44_ei_plugin_enable_disable	nat44_ei_plugin_enable_disable_reply		
V	nat44_ei_set_addr_and_port_alloc_alg	nat44_ei_set_addr_and_port_alloc_alg_reply		
V	nat44_ei_set_fq_options	nat44_ei_set_fq_options_reply		
V	nat44_ei_set_log_level	nat44_ei_set_log_level_reply		
V	nat44_ei_set_mss_clamping	nat44_ei_set_mss_clamping_reply		
V	nat44_ei_set_timeouts	nat44_ei_set_timeouts_reply		
V	nat44_ei_set_workers	nat44_ei_set_workers_reply		
V	nat44_ei_show_fq_options	nat44_ei_show_fq_options_reply		
V	nat44_ei_show_running_config	nat44_ei_show_running_config_reply		
V	nat44_ei_static_mapping_dump	nat44_ei_static_mapping_details	s	
V	nat44_ei_user_dump	nat44_ei_user_details	s	
V	nat44_ei_user_session_dump	nat44_ei_user_session_details	s	
V	nat44_ei_user_session_v2_dump	nat44_ei_user_session_v2_details	s	
V	nat44_ei_worker_dump	nat44_ei_worker_details	s	
V	nat44_forwarding_enable_disable	nat44_forwarding_enable_disable_reply		
V	nat44_forwarding_is_enabled	nat44_forwarding_is_enabled_reply		
V	nat44_identity_mapping_dump	nat44_identity_mapping_details	s	
V	nat44_interface_add_del_feature	nat44_interface_add_del_feature_reply		
V	nat44_interface_add_del_output_feature	nat44_interface_add_del_output_feature_reply		
V	nat44_interface_addr_dump	nat44_interface_addr_details	s	
V	nat44_interface_dump	nat44_interface_details	s	
V	nat44_interface_output_feature_dump	nat44_interface_output_feature_details	s	
V	nat44_lb_static_mapping_add_del_local	nat44_lb_static_mapping_add_del_local_reply		
V	nat44_lb_static_mapping_dump	nat44_lb_static_mapping_details	s	
V	nat44_plugin_enable_disable	nat44_plugin_enable_disable_reply		
V	nat44_session_cleanup	nat44_session_cleanup_reply		
V	nat44_set_session_limit	nat44_set_session_limit_reply		
V	nat44_show_running_config	nat44_show_running_config_reply		
V	nat44_static_mapping_dump	nat44_static_mapping_details	s	
V	nat44_user_dump	nat44_user_details	s	
V	nat44_user_session_dump	nat44_user_session_details	s	
V	nat44_user_session_v2_dump	nat44_user_session_v2_details	s	
V	nat44_user_session_v3_dump	nat44_user_session_v3_details	s	
V	nat64_add_del_interface	nat64_add_del_interface_reply		
V	nat64_add_del_interface_addr	nat64_add_del_interface_addr_reply		
V	nat64_add_del_pool_addr_range	nat64_add_del_pool_addr_range_reply		
V	nat64_add_del_prefix	nat64_add_del_prefix_reply		
V	nat64_add_del_static_bib	nat64_add_del_static_bib_reply		
V	nat64_bib_dump	nat64_bib_details	s	
V	nat64_get_timeouts	nat64_get_timeouts_reply		
V	nat64_interface_dump	nat64_interface_details	s	
V	nat64_plugin_enable_disable	nat64_plugin_enable_disable_reply		
V	nat64_pool_addr_dump	nat64_pool_addr_details	s	
V	nat64_prefix_dump	nat64_prefix_details	s	
V	nat64_set_timeouts	nat64_set_timeouts_reply		
V	nat64_st_dump	nat64_st_details	s	
V	nat66_add_del_interface	nat66_add_del_interface_reply		
V	nat66_add_del_static_mapping	nat66_add_del_static_mapping_reply		
V	nat66_interface_dump	nat66_interface_details	s	
V	nat66_plugin_enable_disable	nat66_plugin_enable_disable_reply		
V	nat66_static_mapping_dump	nat66_static_mapping_details	s	
V	nat_control_ping	nat_control_ping_reply		
V	nat_det_add_del_map	nat_det_add_del_map_reply		
V	nat_det_close_session_in	nat_det_close_session_in_reply		
V	nat_det_close_session_out	nat_det_close_session_out_reply		
V	nat_det_forward	nat_det_forward_reply		
V	nat_det_map_dump	nat_det_map_details	s	
V	nat_det_reverse	nat_det_reverse_reply		
V	nat_det_session_dump	nat_det_session_details	s	
V	nat_get_addr_and_port_alloc_alg	nat_get_addr_and_port_alloc_alg_reply		
V	nat_get_mss_clamping	nat_get_mss_clamping_reply		
V	nat_get_timeouts	nat_get_timeouts_reply		
V	nat_ha_flush	nat_ha_flush_reply		
V	nat_ha_get_failover	nat_ha_get_failover_reply		
V	nat_ha_get_listener	nat_ha_get_listener_reply		
V	nat_ha_resync	nat_ha_resync_reply		
V	nat_ha_set_failover	nat_ha_set_failover_reply		
V	nat_ha_set_listener	nat_ha_set_listener_reply		
V	nat_ipfix_enable_disable	nat_ipfix_enable_disable_reply		
V	nat_set_addr_and_port_alloc_alg	nat_set_addr_and_port_alloc_alg_reply		
V	nat_set_log_level	nat_set_log_level_reply		
V	nat_set_mss_clamping	nat_set_mss_clamping_reply		
V	nat_set_timeouts	nat_set_timeouts_reply		
V	nat_set_workers	nat_set_workers_reply		
V	nat_show_config	nat_show_config_reply		
V	nat_show_config_2	nat_show_config_2_reply		
V	nat_worker_dump	nat_worker_details	s	
V	netmap_create	netmap_create_reply		
V	netmap_delete	netmap_delete_reply		
V	npol_configure_policies	npol_configure_policies_reply		
V	npol_get_version	npol_get_version_reply		
V	npol_ipset_add_del_members	npol_ipset_add_del_members_reply		
V	npol_ipset_create	npol_ipset_create_reply		
V	npol_ipset_delete	npol_ipset_delete_reply		
V	npol_policy_create	npol_policy_create_reply		
V	npol_policy_delete	npol_policy_delete_reply		
V	npol_policy_update	npol_policy_update_reply		
V	npol_rule_create	npol_rule_create_reply		
V	npol_rule_delete	npol_rule_delete_reply		
V	npol_rule_update	npol_rule_update_reply		
V	npt66_binding_add_del	npt66_binding_add_del_reply		
V	nsh_add_del_entry	nsh_add_del_entry_reply		
V	nsh_add_del_map	nsh_add_del_map_reply		
V	nsh_entry_dump	nsh_entry_details	s	
V	nsh_map_dump	nsh_map_details	s	
V	nsim_configure	nsim_configure_reply		
V	nsim_configure2	nsim_configure2_reply		
V	nsim_cross_connect_enable_disable	nsim_cross_connect_enable_disable_reply		
V	nsim_output_feature_enable_disable	nsim_output_feature_enable_disable_reply		
V	oddbuf_enable_disable	oddbuf_enable_disable_reply		
V	one_add_del_adjacency	one_add_del_adjacency_reply		
V	one_add_del_l2_arp_entry	one_add_del_l2_arp_entry_reply		
V	one_add_del_local_eid	one_add_del_local_eid_reply		
V	one_add_del_locator	one_add_del_locator_reply		
V	one_add_del_locator_set	one_add_del_locator_set_reply		
V	one_add_del_map_request_itr_rlocs	one_add_del_map_request_itr_rlocs_reply		
V	one_add_del_map_resolver	one_add_del_map_resolver_reply		
V	one_add_del_map_server	one_add_del_map_server_reply		
V	one_add_del_ndp_entry	one_add_del_ndp_entry_reply		
V	one_add_del_remote_mapping	one_add_del_remote_mapping_reply		
V	one_adjacencies_get	one_adjacencies_get_reply		
V	one_eid_table_add_del_map	one_eid_table_add_del_map_reply		
V	one_eid_table_dump	one_eid_table_details	s	
V	one_eid_table_map_dump	one_eid_table_map_details	s	
V	one_eid_table_vni_dump	one_eid_table_vni_details	s	
V	one_enable_disable	one_enable_disable_reply		
V	one_enable_disable_petr_mode	one_enable_disable_petr_mode_reply		
V	one_enable_disable_pitr_mode	one_enable_disable_pitr_mode_reply		
V	one_enable_disable_xtr_mode	one_enable_disable_xtr_mode_reply		
V	one_get_map_request_itr_rlocs	one_get_map_request_itr_rlocs_reply		
V	one_get_transport_protocol	one_get_transport_protocol_reply		
V	one_l2_arp_bd_get	one_l2_arp_bd_get_reply		
V	one_l2_arp_entries_get	one_l2_arp_entries_get_reply		
V	one_locator_dump	one_locator_details	s	
V	one_locator_set_dump	one_locator_set_details	s	
V	one_map_register_enable_disable	one_map_register_enable_disable_reply		
V	one_map_register_fallback_threshold	one_map_register_fallback_threshold_reply		
V	one_map_register_set_ttl	one_map_register_set_ttl_reply		
V	one_map_request_mode	one_map_request_mode_reply		
V	one_map_resolver_dump	one_map_resolver_details	s	
V	one_map_server_dump	one_map_server_details	s	
V	one_ndp_bd_get	one_ndp_bd_get_reply		
V	one_ndp_entries_get	one_ndp_entries_get_reply		
V	one_nsh_set_locator_set	one_nsh_set_locator_set_reply		
V	one_pitr_set_locator_set	one_pitr_set_locator_set_reply		
V	one_rloc_probe_enable_disable	one_rloc_probe_enable_disable_reply		
V	one_set_transport_protocol	one_set_transport_protocol_reply		
V	one_show_petr_mode	one_show_petr_mode_reply		
V	one_show_pitr_mode	one_show_pitr_mode_reply		
V	one_show_xtr_mode	one_show_xtr_mode_reply		
V	one_stats_dump	one_stats_details	s	
V	one_stats_enable_disable	one_stats_enable_disable_reply		
V	one_stats_flush	one_stats_flush_reply		
V	one_use_petr	one_use_petr_reply		
V	output_acl_set_interface	output_acl_set_interface_reply		
V	p2p_ethernet_add	p2p_ethernet_add_reply		
V	p2p_ethernet_del	p2p_ethernet_del_reply		
V	pcap_set_filter_function	pcap_set_filter_function_reply		
V	pcap_trace_off	pcap_trace_off_reply		
V	pcap_trace_on	pcap_trace_on_reply		
V	pg_capture	pg_capture_reply		
V	pg_create_interface	pg_create_interface_reply		
V	pg_create_interface_v2	pg_create_interface_v2_reply		
V	pg_create_interface_v3	pg_create_interface_v3_reply		
V	pg_delete_interface	pg_delete_interface_reply		
V	pg_enable_disable	pg_enable_disable_reply		
V	pg_interface_enable_disable_coalesce	pg_interface_enable_disable_coalesce_reply		
V	pipe_create	pipe_create_reply		
V	pipe_delete	pipe_delete_reply		
V	pipe_dump	pipe_details	s	
V	pnat_binding_add	pnat_binding_add_reply		
V	pnat_binding_add_v2	pnat_binding_add_v2_reply		
V	pnat_binding_attach	pnat_binding_attach_reply		
V	pnat_binding_del	pnat_binding_del_reply		
V	pnat_binding_detach	pnat_binding_detach_reply		
V	pnat_bindings_get	pnat_bindings_get_reply	s	pnat_bindings_details
V	pnat_flow_lookup	pnat_flow_lookup_reply		
V	pnat_interfaces_get	pnat_interfaces_get_reply	s	pnat_interfaces_details
V	policer_add	policer_add_reply		
V	policer_add_del	policer_add_del_reply		
V	policer_bind	policer_bind_reply		
V	policer_bind_v2	policer_bind_v2_reply		
V	policer_classify_dump	policer_classify_details	s	
V	policer_classify_set_interface	policer_classify_set_interface_reply		
V	policer_del	policer_del_reply		
V	policer_dump	policer_details	s	
V	policer_dump_v2	policer_details	s	
V	policer_input	policer_input_reply		
V	policer_input_v2	policer_input_v2_reply		
V	policer_output	policer_output_reply		
V	policer_output_v2	policer_output_v2_reply		
V	policer_reset	policer_reset_reply		
V	policer_update	policer_update_reply		
V	pot_profile_activate	pot_profile_activate_reply		
V	pot_profile_add	pot_profile_add_reply		
V	pot_profile_del	pot_profile_del_reply		
V	pot_profile_show_config_dump	pot_profile_show_config_details	s	
V	pppoe_add_del_cp	pppoe_add_del_cp_reply		
V	pppoe_add_del_session	pppoe_add_del_session_reply		
V	pppoe_session_dump	pppoe_session_details	s	
V	proxy_arp_add_del	proxy_arp_add_del_reply		
V	proxy_arp_dump	proxy_arp_details	s	
V	proxy_arp_intfc_dump	proxy_arp_intfc_details	s	
V	proxy_arp_intfc_enable_disable	proxy_arp_intfc_enable_disable_reply		
V	punt_acl_add_del	punt_acl_add_del_reply		
V	punt_acl_get	punt_acl_get_reply		
V	punt_reason_dump	punt_reason_details	s	
V	punt_socket_deregister	punt_socket_deregister_reply		
V	punt_socket_dump	punt_socket_details	s	
V	punt_socket_register	punt_socket_register_reply		
V	pvti_interface_create	pvti_interface_create_reply		
V	pvti_interface_delete	pvti_interface_delete_reply		
V	pvti_interface_dump	pvti_interface_details	s	
V	qos_egress_map_delete	qos_egress_map_delete_reply		
V	qos_egress_map_dump	qos_egress_map_details	s	
V	qos_egress_map_update	qos_egress_map_update_reply		
V	qos_mark_dump	qos_mark_details	s	
V	qos_mark_enable_disable	qos_mark_enable_disable_reply		
V	qos_record_dump	qos_record_details	s	
V	qos_record_enable_disable	qos_record_enable_disable_reply		
V	qos_store_dump	qos_store_details	s	
V	qos_store_enable_disable	qos_store_enable_disable_reply		
V	rdma_create	rdma_create_reply		
V	rdma_create_v2	rdma_create_v2_reply		
V	rdma_create_v3	rdma_create_v3_reply		
V	rdma_create_v4	rdma_create_v4_reply		
V	rdma_delete	rdma_delete_reply		
V	rpc_call	rpc_call_reply		
V	rx_thread_exit	null		
V	selog_event_type_dump	selog_event_type_details	s	
V	selog_event_type_string_dump	selog_event_type_string_details	s	
V	selog_get_shm	selog_get_shm_reply		
V	selog_get_string_table	selog_get_string_table_reply		
V	selog_track_dump	selog_track_details	s	
V	session_enable_disable	session_enable_disable_reply		
V	session_enable_disable_v2	session_enable_disable_v2_reply		
V	session_rule_add_del	session_rule_add_del_reply		
V	session_rules_dump	session_rules_details	s	
V	session_rules_v2_dump	session_rules_v2_details	s	
V	session_sapi_enable_disable	session_sapi_enable_disable_reply		
V	session_sdl_add_del	session_sdl_add_del_reply		
V	session_sdl_add_del_v2	session_sdl_add_del_v2_reply		
V	session_sdl_dump	session_sdl_details	s	
V	session_sdl_v2_dump	session_sdl_v2_details	s	
V	session_sdl_v3_dump	session_sdl_v3_details	s	
V	set_ip_flow_hash	set_ip_flow_hash_reply		
V	set_ip_flow_hash_router_id	set_ip_flow_hash_router_id_reply		
V	set_ip_flow_hash_v2	set_ip_flow_hash_v2_reply		
V	set_ip_flow_hash_v3	set_ip_flow_hash_v3_reply		
V	set_ipfix_classify_stream	set_ipfix_classify_stream_reply		
V	set_ipfix_exporter	set_ipfix_exporter_reply		
V	set_punt	set_punt_reply		
V	sfdp_gateway_geneve_input_enable_disable	sfdp_gateway_geneve_input_enable_disable_reply		
V	sfdp_gateway_set_geneve_output	sfdp_gateway_set_geneve_output_reply		
V	sfdp_interface_input_set	sfdp_interface_input_set_reply		
V	sfdp_kill_session	sfdp_kill_session_reply		
V	sfdp_nat_alloc_pool_add_del	sfdp_nat_alloc_pool_add_del_reply		
V	sfdp_nat_set_external_interface	sfdp_nat_set_external_interface_reply		
V	sfdp_nat_snat_set_unset	sfdp_nat_snat_set_unset_reply		
V	sfdp_service_dump	sfdp_service_details	s	
V	sfdp_session_dump	sfdp_session_details	s	
V	sfdp_set_icmp_error_node	sfdp_set_icmp_error_node_reply		
V	sfdp_set_services	sfdp_set_services_reply		
V	sfdp_set_sp_node	sfdp_set_sp_node_reply		
V	sfdp_set_timeout	sfdp_set_timeout_reply		
V	sfdp_tcp_session_dump	sfdp_tcp_session_details	s	
V	sfdp_tenant_add_del	sfdp_tenant_add_del_reply		
V	sfdp_tenant_dump	sfdp_tenant_details	s	
V	sflow_direction_get	sflow_direction_get_reply		
V	sflow_direction_set	sflow_direction_set_reply		
V	sflow_drop_monitoring_get	sflow_drop_monitoring_get_reply		
V	sflow_drop_monitoring_set	sflow_drop_monitoring_set_reply		
V	sflow_enable_disable	sflow_enable_disable_reply		
V	sflow_header_bytes_get	sflow_header_bytes_get_reply		
V	sflow_header_bytes_set	sflow_header_bytes_set_reply		
V	sflow_interface_dump	sflow_interface_details	s	
V	sflow_polling_interval_get	sflow_polling_interval_get_reply		
V	sflow_polling_interval_set	sflow_polling_interval_set_reply		
V	sflow_sampling_rate_get	sflow_sampling_rate_get_reply		
V	sflow_sampling_rate_set	sflow_sampling_rate_set_reply		
V	show_lisp_map_register_state	show_lisp_map_register_state_reply		
V	show_lisp_map_request_mode	show_lisp_map_request_mode_reply		
V	show_lisp_pitr	show_lisp_pitr_reply		
V	show_lisp_rloc_probe_state	show_lisp_rloc_probe_state_reply		
V	show_lisp_status	show_lisp_status_reply		
V	show_lisp_use_petr	show_lisp_use_petr_reply		
V	show_one_map_register_fallback_threshold	show_one_map_register_fallback_threshold_reply		
V	show_one_map_register_state	show_one_map_register_state_reply		
V	show_one_map_register_ttl	show_one_map_register_ttl_reply		
V	show_one_map_request_mode	show_one_map_request_mode_reply		
V	show_one_nsh_mapping	show_one_nsh_mapping_reply		
V	show_one_pitr	show_one_pitr_reply		
V	show_one_rloc_probe_state	show_one_rloc_probe_state_reply		
V	show_one_stats_enable_disable	show_one_stats_enable_disable_reply		
V	show_one_status	show_one_status_reply		
V	show_one_use_petr	show_one_use_petr_reply		
V	show_threads	show_threads_reply		
V	show_version	show_version_reply		
V	show_vpe_system_time	show_vpe_system_time_reply		
V	snort_client_disconnect	snort_client_disconnect_reply		
V	snort_client_get	snort_client_get_reply	s	snort_client_details
V	snort_client_v2_get	snort_client_v2_get_reply	s	snort_client_v2_details
V	snort_input_mode_get	snort_input_mode_get_reply		
V	snort_input_mode_set	snort_input_mode_set_reply		
V	snort_instance_create	snort_instance_create_reply		
V	snort_instance_create_v2	snort_instance_create_v2_reply		
V	snort_instance_delete	snort_instance_delete_reply		
V	snort_instance_disconnect	snort_instance_disconnect_reply		
V	snort_instance_get	snort_instance_get_reply	s	snort_instance_details
V	snort_instance_v2_get	snort_instance_v2_get_reply	s	snort_instance_v2_details
V	snort_interface_attach	snort_interface_attach_reply		
V	snort_interface_detach	snort_interface_detach_reply		
V	snort_interface_detach_v2	snort_interface_detach_v2_reply		
V	snort_interface_get	snort_interface_get_reply	s	snort_interface_details
V	snort_interface_v2_get	snort_interface_v2_get_reply	s	snort_interface_v2_details
V	snort_set_drop_bitmap	snort_set_drop_bitmap_reply		
V	sock_init_shm	sock_init_shm_reply		
V	sockclnt_create	sockclnt_create_reply		
V	sockclnt_delete	sockclnt_delete_reply		
V	sr_localsid_add_del	sr_localsid_add_del_reply		
V	sr_localsid_add_del_v2	sr_localsid_add_del_v2_reply		
V	sr_localsids_dump	sr_localsids_details	s	
V	sr_localsids_with_packet_stats_dump	sr_localsids_with_packet_stats_details	s	
V	sr_mobile_localsid_add_del	sr_mobile_localsid_add_del_reply		
V	sr_mobile_policy_add	sr_mobile_policy_add_reply		
V	sr_mpls_policy_add	sr_mpls_policy_add_reply		
V	sr_mpls_policy_assign_endpoint_color	sr_mpls_policy_assign_endpoint_color_reply		
V	sr_mpls_policy_del	sr_mpls_policy_del_reply		
V	sr_mpls_policy_mod	sr_mpls_policy_mod_reply		
V	sr_mpls_steering_add_del	sr_mpls_steering_add_del_reply		
V	sr_policies_dump	sr_policies_details	s	
V	sr_policies_v2_dump	sr_policies_v2_details	s	
V	sr_policies_with_sl_index_dump	sr_policies_with_sl_index_details	s	
V	sr_policy_add	sr_policy_add_reply		
V	sr_policy_add_v2	sr_policy_add_v2_reply		
V	sr_policy_del	sr_policy_del_reply		
V	sr_policy_mod	sr_policy_mod_reply		
V	sr_policy_mod_v2	sr_policy_mod_v2_reply		
V	sr_pt_iface_add	sr_pt_iface_add_reply		
V	sr_pt_iface_del	sr_pt_iface_del_reply		
V	sr_pt_iface_dump	sr_pt_iface_details	s	
V	sr_set_encap_hop_limit	sr_set_encap_hop_limit_reply		
V	sr_set_encap_source	sr_set_encap_source_reply		
V	sr_steering_add_del	sr_steering_add_del_reply		
V	sr_steering_pol_dump	sr_steering_pol_details	s	
V	stn_add_del_rule	stn_add_del_rule_reply		
V	stn_rules_dump	stn_rules_details	s	
V	svs_dump	svs_details	s	
V	svs_enable_disable	svs_enable_disable_reply		
V	svs_plugin_get_version	svs_plugin_get_version_reply		
V	svs_route_add_del	svs_route_add_del_reply		
V	svs_table_add_del	svs_table_add_del_reply		
V	sw_bond_interface_dump	sw_bond_interface_details	s	
V	sw_if_l2tpv3_tunnel_dump	sw_if_l2tpv3_tunnel_details	s	
V	sw_interface_add_del_address	sw_interface_add_del_address_reply		
V	sw_interface_add_del_mac_address	sw_interface_add_del_mac_address_reply		
V	sw_interface_address_replace_begin	sw_interface_address_replace_begin_reply		
V	sw_interface_address_replace_end	sw_interface_address_replace_end_reply		
V	sw_interface_bond_dump	sw_interface_bond_details	s	
V	sw_interface_clear_stats	sw_interface_clear_stats_reply		
V	sw_interface_dump	sw_interface_details	s	
V	sw_interface_get_default_rx_mode	sw_interface_get_default_rx_mode_reply		
V	sw_interface_get_mac_address	sw_interface_get_mac_address_reply		
V	sw_interface_get_table	sw_interface_get_table_reply		
V	sw_interface_ip4_enable_disable	sw_interface_ip4_enable_disable_reply		
V	sw_interface_ip6_enable_disable	sw_interface_ip6_enable_disable_reply		
V	sw_interface_ip6_get_link_local_address	sw_interface_ip6_get_link_local_address_reply		
V	sw_interface_ip6_set_link_local_address	sw_interface_ip6_set_link_local_address_reply		
V	sw_interface_ip6nd_ra_config	sw_interface_ip6nd_ra_config_reply		
V	sw_interface_ip6nd_ra_dump	sw_interface_ip6nd_ra_details	s	
V	sw_interface_ip6nd_ra_prefix	sw_interface_ip6nd_ra_prefix_reply		
V	sw_interface_lacp_dump	sw_interface_lacp_details	s	
V	sw_interface_rx_placement_dump	sw_interface_rx_placement_details	s	
V	sw_interface_set_bond_weight	sw_interface_set_bond_weight_reply		
V	sw_interface_set_default_rx_mode	sw_interface_set_default_rx_mode_reply		
V	sw_interface_set_flags	sw_interface_set_flags_reply		
V	sw_interface_set_geneve_bypass	sw_interface_set_geneve_bypass_reply		
V	sw_interface_set_gtpu_bypass	sw_interface_set_gtpu_bypass_reply		
V	sw_interface_set_interface_name	sw_interface_set_interface_name_reply		
V	sw_interface_set_ip_directed_broadcast	sw_interface_set_ip_directed_broadcast_reply		
V	sw_interface_set_l2_bridge	sw_interface_set_l2_bridge_reply		
V	sw_interface_set_l2_xconnect	sw_interface_set_l2_xconnect_reply		
V	sw_interface_set_lldp	sw_interface_set_lldp_reply		
V	sw_interface_set_mac_address	sw_interface_set_mac_address_reply		
V	sw_interface_set_mpls_enable	sw_interface_set_mpls_enable_reply		
V	sw_interface_set_mtu	sw_interface_set_mtu_reply		
V	sw_interface_set_promisc	sw_interface_set_promisc_reply		
V	sw_interface_set_rx_mode	sw_interface_set_rx_mode_reply		
V	sw_interface_set_rx_placement	sw_interface_set_rx_placement_reply		
V	sw_interface_set_table	sw_interface_set_table_reply		
V	sw_interface_set_tx_placement	sw_interface_set_tx_placement_reply		
V	sw_interface_set_unnumbered	sw_interface_set_unnumbered_reply		
V	sw_interface_set_vpath	sw_interface_set_vpath_reply		
V	sw_interface_set_vxlan_bypass	sw_interface_set_vxlan_bypass_reply		
V	sw_interface_set_vxlan_gbp_bypass	sw_interface_set_vxlan_gbp_bypass_reply		
V	sw_interface_set_vxlan_gpe_bypass	sw_interface_set_vxlan_gpe_bypass_reply		
V	sw_interface_slave_dump	sw_interface_slave_details	s	
V	sw_interface_span_dump	sw_interface_span_details	s	
V	sw_interface_span_enable_disable	sw_interface_span_enable_disable_reply		
V	sw_interface_tag_add_del	sw_interface_tag_add_del_reply		
V	sw_interface_tap_v2_dump	sw_interface_tap_v2_details	s	
V	sw_interface_tx_placement_get	sw_interface_tx_placement_get_reply	s	sw_interface_tx_placement_details
V	sw_interface_vhost_user_dump	sw_interface_vhost_user_details	s	
V	sw_interface_virtio_pci_dump	sw_interface_virtio_pci_details	s	
V	sw_member_interface_dump	sw_member_interface_details	s	
V	sw_vmxnet3_interface_dump	sw_vmxnet3_interface_details	s	
V	syslog_get_filter	syslog_get_filter_reply		
V	syslog_get_sender	syslog_get_sender_reply		
V	syslog_set_filter	syslog_set_filter_reply		
V	syslog_set_sender	syslog_set_sender_reply		
V	tap_create_v2	tap_create_v2_reply		
V	tap_create_v3	tap_create_v3_reply		
V	tap_delete_v2	tap_delete_v2_reply		
V	tcp_configure_src_addresses	tcp_configure_src_addresses_reply		
V	teib_dump	teib_details	s	
V	teib_entry_add_del	teib_entry_add_del_reply		
V	tls_openssl_set_engine	tls_openssl_set_engine_reply		
V	tm_sys_get_capabilities	tm_sys_get_capabilities_reply		
V	tm_sys_level_get_capabilities	tm_sys_level_get_capabilities_reply		
V	tm_sys_node_add	tm_sys_node_add_reply		
V	tm_sys_node_delete	tm_sys_node_delete_reply		
V	tm_sys_node_read_stats	tm_sys_node_read_stats_reply		
V	tm_sys_node_resume	tm_sys_node_resume_reply		
V	tm_sys_node_sched_weight_update	tm_sys_node_sched_weight_update_reply		
V	tm_sys_node_shaper_update	tm_sys_node_shaper_update_reply		
V	tm_sys_node_suspend	tm_sys_node_suspend_reply		
V	tm_sys_shaper_profile_create	tm_sys_shaper_profile_create_reply		
V	tm_sys_shaper_profile_delete	tm_sys_shaper_profile_delete_reply		
V	tm_sys_start_tm	tm_sys_start_tm_reply		
V	tm_sys_stop_tm	tm_sys_stop_tm_reply		
V	trace_capture_packets	trace_capture_packets_reply		
V	trace_clear_cache	trace_clear_cache_reply		
V	trace_clear_capture	trace_clear_capture_reply		
V	trace_dump	trace_dump_reply	s	trace_details
V	trace_filter_function_dump	trace_filter_function_details	s	
V	trace_plugin_msg_ids	null		
V	trace_profile_add	trace_profile_add_reply		
V	trace_profile_del	trace_profile_del_reply		
V	trace_profile_show_config	trace_profile_show_config_reply		
V	trace_set_filter_function	trace_set_filter_function_reply		
V	trace_set_filters	trace_set_filters_reply		
V	trace_v2_dump	trace_v2_details	s	
V	tracenode_enable_disable	tracenode_enable_disable_reply		
V	udp_decap_add_del	udp_decap_add_del_reply		
V	udp_encap_add	udp_encap_add_reply		
V	udp_encap_del	udp_encap_del_reply		
V	udp_encap_dump	udp_encap_details	s	
V	udp_ping_add_del	udp_ping_add_del_reply		
V	udp_ping_export	udp_ping_export_reply		
V	urpf_interface_dump	urpf_interface_details	s	
V	urpf_update	urpf_update_reply		
V	urpf_update_v2	urpf_update_v2_reply		
V	virtio_pci_create	virtio_pci_create_reply		
V	virtio_pci_create_v2	virtio_pci_create_v2_reply		
V	virtio_pci_delete	virtio_pci_delete_reply		
V	vmxnet3_create	vmxnet3_create_reply		
V	vmxnet3_delete	vmxnet3_delete_reply		
V	vmxnet3_dump	vmxnet3_details	s	
V	vrrp_vr_add_del	vrrp_vr_add_del_reply		
V	vrrp_vr_del	vrrp_vr_del_reply		
V	vrrp_vr_dump	vrrp_vr_details	s	
V	vrrp_vr_peer_dump	vrrp_vr_peer_details	s	
V	vrrp_vr_set_peers	vrrp_vr_set_peers_reply		
V	vrrp_vr_start_stop	vrrp_vr_start_stop_reply		
V	vrrp_vr_track_if_add_del	vrrp_vr_track_if_add_del_reply		
V	vrrp_vr_track_if_dump	vrrp_vr_track_if_details	s	
V	vrrp_vr_update	vrrp_vr_update_reply		
V	vxlan_add_del_tunnel	vxlan_add_del_tunnel_reply		
V	vxlan_add_del_tunnel_v2	vxlan_add_del_tunnel_v2_reply		
V	vxlan_add_del_tunnel_v3	vxlan_add_del_tunnel_v3_reply		
V	vxlan_gbp_tunnel_add_del	vxlan_gbp_tunnel_add_del_reply		
V	vxlan_gbp_tunnel_dump	vxlan_gbp_tunnel_details	s	
V	vxlan_gpe_add_del_tunnel	vxlan_gpe_add_del_tunnel_reply		
V	vxlan_gpe_add_del_tunnel_v2	vxlan_gpe_add_del_tunnel_v2_reply		
V	vxlan_gpe_ioam_disable	vxlan_gpe_ioam_disable_reply		
V	vxlan_gpe_ioam_enable	vxlan_gpe_ioam_enable_reply		
V	vxlan_gpe_ioam_export_enable_disable	vxlan_gpe_ioam_export_enable_disable_reply		
V	vxlan_gpe_ioam_transit_disable	vxlan_gpe_ioam_transit_disable_reply		
V	vxlan_gpe_ioam_transit_enable	vxlan_gpe_ioam_transit_enable_reply		
V	vxlan_gpe_ioam_vni_disable	vxlan_gpe_ioam_vni_disable_reply		
V	vxlan_gpe_ioam_vni_enable	vxlan_gpe_ioam_vni_enable_reply		
V	vxlan_gpe_tunnel_dump	vxlan_gpe_tunnel_details	s	
V	vxlan_gpe_tunnel_v2_dump	vxlan_gpe_tunnel_v2_details	s	
V	vxlan_offload_rx	vxlan_offload_rx_reply		
V	vxlan_tunnel_dump	vxlan_tunnel_details	s	
V	vxlan_tunnel_v2_dump	vxlan_tunnel_v2_details	s	
V	want_bfd_events	want_bfd_events_reply		
V	want_dhcp6_pd_reply_events	want_dhcp6_pd_reply_events_reply		
V	want_dhcp6_reply_events	want_dhcp6_reply_events_reply		
V	want_igmp_events	want_igmp_events_reply		
V	want_interface_events	want_interface_events_reply		
V	want_ip6_dad_events	want_ip6_dad_events_reply		
V	want_ip6_ra_events	want_ip6_ra_events_reply		
V	want_ip_neighbor_events	want_ip_neighbor_events_reply		
V	want_ip_neighbor_events_v2	want_ip_neighbor_events_v2_reply		
V	want_l2_arp_term_events	want_l2_arp_term_events_reply		
V	want_l2_macs_events	want_l2_macs_events_reply		
V	want_l2_macs_events2	want_l2_macs_events2_reply		
V	want_ping_finished_events	want_ping_finished_events_reply		
V	want_vrrp_vr_events	want_vrrp_vr_events_reply		
V	want_wireguard_peer_events	want_wireguard_peer_events_reply		
V	wg_set_async_mode	wg_set_async_mode_reply		
V	wireguard_interface_create	wireguard_interface_create_reply		
V	wireguard_interface_delete	wireguard_interface_delete_reply		
V	wireguard_interface_dump	wireguard_interface_details	s	
V	wireguard_peer_add	wireguard_peer_add_reply		
V	wireguard_peer_add_v2	wireguard_peer_add_v2_reply		
V	wireguard_peer_remove	wireguard_peer_remove_reply		
V	wireguard_peers_dump	wireguard_peers_details	s	
V	wireguard_peers_v2_dump	wireguard_peers_v2_details	s	
`;
