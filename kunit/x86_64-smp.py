# A --qemu_config of kunit.py: x86_64 with two CPUs, with KVM where it really boots;
# or i386, as which it is linked.
#
# kunit.py runs this file as Python before it starts "qemu-system-x86_64". Put
# scripts/qemu-accel before the emulator in PATH, under its name.
#
# OBJCACHE_INITRD=FILE: when the tests are done go on with this userspace.
import atexit
import os
import shutil
import tempfile

from ..qemu_config import QemuArchParams

_arch = os.path.basename(__file__).removesuffix('-smp.py')
_initrd = os.environ.get('OBJCACHE_INITRD')
_top = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_bin = tempfile.mkdtemp(prefix='objcache-kunit-')
atexit.register(shutil.rmtree, _bin, ignore_errors=True)
os.symlink(os.path.join(_top, 'scripts', 'qemu-accel'), os.path.join(_bin, 'qemu-system-' + _arch))
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
