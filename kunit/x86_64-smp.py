# A --qemu_config of kunit.py: x86_64 with two CPUs, with KVM only where it boots a kernel.
# Under the name i386-smp.py it does the same for i386.
#
# kunit.py runs this file as Python before it starts "qemu-system-x86_64". So a link to
# kunit/qemu-accel under that name is put in front of PATH.
#
# OBJCACHE_INITRD=FILE: continue with this userspace when the tests are done.
import atexit
import os
import shutil
import tempfile

from ..qemu_config import QemuArchParams

_arch = os.path.basename(__file__).removesuffix('-smp.py')
_initrd = os.environ.get('OBJCACHE_INITRD')
_here = os.path.dirname(os.path.abspath(__file__))
_bin = tempfile.mkdtemp(prefix='objcache-kunit-')
atexit.register(shutil.rmtree, _bin, ignore_errors=True)
os.symlink(os.path.join(_here, 'qemu-accel'), os.path.join(_bin, 'qemu-system-' + _arch))
os.environ['PATH'] = _bin + ':' + os.environ['PATH']

QEMU_ARCH = QemuArchParams(linux_arch=_arch,
			   kconfig='''
CONFIG_SERIAL_8250=y
CONFIG_SERIAL_8250_CONSOLE=y
CONFIG_SMP=y''',
			   qemu_arch=_arch,
			   kernel_path='arch/x86/boot/bzImage',
			   # without the second one kunit.py adds "reboot"
			   kernel_command_line='console=ttyS0' + (' kunit_shutdown=no' if _initrd else ''),
			   extra_qemu_params=['-smp', '2', '-bios', 'qboot.rom'] +
					     (['-initrd', _initrd] if _initrd else []))
