#!/bin/busybox sh
# First process of the test VM: puts the host's root, read-only, under a throw-away layer and goes on inside it.
# MODULES, ROOT, MODULE_TREE and VERSION are filled in by vm.ts.
/bin/busybox mkdir -p /proc /sys /dev /lower /layer /new /bin
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t devtmpfs dev /dev
for module in @MODULES@; do
  /bin/busybox insmod "/modules/$module" || /bin/busybox echo "insmod $module failed"
done
shared=trans=virtio,version=9p2000.L,msize=512000
/bin/busybox mount -t 9p -o "$shared,cache=loose,ro" hostroot /lower
/bin/busybox mount -t tmpfs -o size=75% layer /layer
/bin/busybox mkdir -p /layer/upper /layer/work
/bin/busybox mount -t overlay -o lowerdir=/lower,upperdir=/layer/upper,workdir=/layer/work overlay /new
/bin/busybox mkdir -p /new/proc /new/sys /new/dev /new/run /new/tmp /new/lib/modules
/bin/busybox mount --move /proc /new/proc
/bin/busybox mount --move /dev /new/dev
/bin/busybox mount -t sysfs sys /new/sys
/bin/busybox mount -t tmpfs run /new/run
/bin/busybox mkdir -p /new/dev/pts /new/dev/shm /new/run/out /new/run/netns
/bin/busybox mount -t devpts pts /new/dev/pts
/bin/busybox mount -t tmpfs shm /new/dev/shm
/bin/busybox mount -t 9p -o "$shared" out /new/run/out
/bin/busybox ln -sfn "@MODULE_TREE@" "/new/lib/modules/@VERSION@"
/bin/busybox hostname testvm
/bin/busybox ifconfig lo 127.0.0.1 up
exec /bin/busybox switch_root /new /bin/sh /run/out/inside.sh
