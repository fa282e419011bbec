"""A router's bad line: holds every packet back for a while, and loses some.

It makes the device whose name is its argument and hands back into it what comes out of it; routes decide what that is.
Standard input tells how bad the line is, a line each time: "<delay ms> <jitter ms> <loss, 0 to 1>". Each packet waits
for the delay and a random part of the jitter, so that packets overtake each other. It ends with its standard input.
"""

import fcntl
import heapq
import os
import random
import select
import struct
import sys
import time

TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000

device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH", sys.argv[1].encode(), IFF_TUN | IFF_NO_PI))
print("ready", flush=True)

# The same packets are lost in every run, as far as packets are the same.
chance = random.Random(7)
delay = jitter = loss = 0.0
waiting = []
count = 0
while True:
    now = time.monotonic()
    while waiting and waiting[0][0] <= now:
        os.write(device, heapq.heappop(waiting)[2])
    ready, _, _ = select.select([device, sys.stdin], [], [], max(0.0, waiting[0][0] - now) if waiting else None)
    if sys.stdin in ready:
        line = sys.stdin.readline()
        if not line:
            break
        delay, jitter, loss = (float(word) for word in line.split())
    if device in ready:
        packet = os.read(device, 65536)
        if chance.random() >= loss:
            count += 1
            due = time.monotonic() + (delay + chance.random() * jitter) / 1000
            heapq.heappush(waiting, (due, count, packet))
