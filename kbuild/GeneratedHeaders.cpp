//===- GeneratedHeaders.cpp - What a build would have generated -----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/GeneratedHeaders.h"
#include "kbuild/Kconfig.h"
#include "kbuild/KernelConfig.h"
#include "kbuild/MakeReader.h"
#include "kbuild/Paths.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace vfio::kbuild {

//===- The configuration --------------------------------------------------===//

// Switches that are off by default, or that a choice would leave out, and that
// VFIO drivers and what they include look at.
static constexpr llvm::StringLiteral Wanted =
    "CC_IS_CLANG 64BIT PPC64 PPC_BOOK3S_64 CPU_LITTLE_ENDIAN MODULES "
    "MODULE_UNLOAD SMP "
    "PCI PCI_MSI PCI_IOV PCI_PRI PCI_PASID HOTPLUG_PCI NET INET BLOCK ACPI EFI "
    "OF PM DEBUG_FS IOMMU_SUPPORT INTEL_IOMMU IOMMUFD VIRTUALIZATION "
    "HIGH_RES_TIMERS DRM_I915_GVT HZ_250 PERF_EVENTS FTRACE MEMORY_HOTPLUG "
    "TRANSPARENT_HUGEPAGE SPARSEMEM_VMEMMAP VFIO_GROUP VFIO_CONTAINER "
    "VFIO_DEVICE_CDEV VFIO_DEBUGFS VFIO_PCI_IGD VFIO_PCI_VGA VFIO_NOIOMMU";

/// The configuration of a tree, as autoconf.h has it.
static std::string makeAutoconf(const KernelHeaders &K) {
  SmallVector<StringRef, 64> Names;
  SplitString(Wanted, Names);
  return Kconfig(K.SrcTree, K.Arch, Names).autoconf();
}

//===- The small ones -----------------------------------------------------===//

static std::string versionHeader(const KernelVersion &V) {
  return formatv("#define LINUX_VERSION_CODE {0}\n"
                 "#define KERNEL_VERSION(a,b,c) "
                 "(((a) << 16) + ((b) << 8) + ((c) > 255 ? 255 : (c)))\n"
                 "#define LINUX_VERSION_MAJOR {1}\n"
                 "#define LINUX_VERSION_PATCHLEVEL {2}\n"
                 "#define LINUX_VERSION_SUBLEVEL {3}\n",
                 (V.Major << 16) + (V.Minor << 8) + std::min(V.Patch, 255u),
                 V.Major, V.Minor, V.Patch)
      .str();
}

// For 64 CPUs, a 4-byte spinlock and the zones DMA, DMA32, Normal, Movable.
static constexpr llvm::StringLiteral BoundsHeader =
    "#define NR_PAGEFLAGS 25\n"
    "#define MAX_NR_ZONES 4\n"
    "#define NR_CPUS_BITS 6\n"
    "#define SPINLOCK_SIZE 4\n"
    "#define LRU_GEN_WIDTH 0\n"
    "#define __LRU_REFS_WIDTH 0\n";

/// The constants that turn ticks of 1/250 s into other units and back.
static std::string timeconstHeader() {
  std::string Out;
  struct Unit {
    StringRef Name;
    unsigned long PerTick;
  };
  for (Unit U : {Unit{"MSEC", 4}, Unit{"USEC", 4000}, Unit{"NSEC", 4000000}})
    Out += formatv("#define HZ_TO_{0}_NUM {1}\n#define HZ_TO_{0}_DEN 1\n"
                   "#define {0}_TO_HZ_NUM 1\n#define {0}_TO_HZ_DEN {1}\n"
                   "#define HZ_TO_{0}_MUL32 {1}ULL\n"
                   "#define HZ_TO_{0}_ADJ32 0ULL\n"
                   "#define HZ_TO_{0}_SHR32 0\n"
                   "#define {0}_TO_HZ_MUL32 1ULL\n"
                   "#define {0}_TO_HZ_ADJ32 0ULL\n"
                   "#define {0}_TO_HZ_SHR32 0\n",
                   U.Name, U.PerTick)
               .str();
  return Out;
}

/// The numbers of the system calls of a 64-bit machine, from the table of
/// architecture \p Arch; empty where there is none.
static std::string syscallNumbers(const KernelHeaders &K) {
  std::string Folder = pathIn(K.SrcTree, "arch", K.Arch), Out;
  for (StringRef Table :
       {"entry/syscalls/syscall_64.tbl", "kernel/syscalls/syscall.tbl"}) {
    std::string Text = readText(pathIn(Folder, Table));
    for (StringRef Line : split(Text, '\n')) {
      SmallVector<StringRef, 5> Words; // number, ABI, name, function
      SplitString(Line, Words);
      if (Words.size() > 2 && isDigit(Words[0][0]) &&
          is_contained({"common", "64", "nospu"}, Words[1]))
        Out += ("#define __NR_" + Words[2] + " " + Words[0] + "\n").str();
    }
  }
  return Out;
}

// Which CPU features the kernel relies on and passes on: none.
static constexpr llvm::StringLiteral FacilityHeader =
    "#define FACILITIES_ALS 0\n"
    "#define FACILITIES_KVM 0\n"
    "#define FACILITIES_KVM_CPUMODEL 0\n";

//===- asm/ ---------------------------------------------------------------===//

namespace {

/// Writes the wrappers of one asm folder pair.
class AsmWrappers {
public:
  AsmWrappers(const KernelHeaders &K, std::map<std::string, std::string> &Files,
              StringRef Uapi)
      : K(K), Source(pathIn(K.SrcTree, "arch", K.Arch,
                            pathIn("include", Uapi, "asm"))),
        Generic(pathIn(K.SrcTree, "include", Uapi, "asm-generic")),
        Target(pathIn(K.ObjTree, "arch", K.Arch,
                      pathIn("include/generated", Uapi, "asm"))),
        Files(Files) {}

  void write();

private:
  void wrap(StringRef List, bool Always);
  std::string contents(StringRef Name) const;

  const KernelHeaders &K;
  std::string Source, Generic, Target;
  std::map<std::string, std::string> &Files;
};

} // namespace

/// What is in the generated header \p Name.
std::string AsmWrappers::contents(StringRef Name) const {
  if (Name == "unistd_64.h")
    return syscallNumbers(K);
  if (Name == "facility-defs.h")
    return FacilityHeader.str();
  return "\n";
}

/// A wrapper for each header of \p List; unless \p Always, only where the
/// architecture has none of its own.
void AsmWrappers::wrap(StringRef List, bool Always) {
  SmallVector<StringRef, 64> Names;
  SplitString(List, Names);
  for (StringRef Name : Names)
    if (Always || !isFile(pathIn(Source, Name)))
      Files[pathIn(Target, Name)] =
          ("#include <asm-generic/" + Name + ">\n").str();
}

void AsmWrappers::write() {
  auto Nothing = [](StringRef) { return std::string(); };
  auto Scope = std::make_shared<ReadScope>();
  Scope->allow(Source);
  Scope->allow(Generic);
  MakeReader Arch(Source, Nothing, Scope), All(Generic, Nothing, Scope);
  Arch.read(pathIn(Source, "Kbuild"));
  All.read(pathIn(Generic, "Kbuild"));
  wrap(Arch.value("generic-y"), /*Always=*/true);
  wrap(All.value("mandatory-y"), /*Always=*/false);
  // The others are tables that only an architecture's own C files read.
  std::string Own = Arch.value("generated-y") + " " + Arch.value("syscall-y");
  SmallVector<StringRef, 16> Names;
  SplitString(Own, Names);
  for (StringRef Name : Names)
    Files.try_emplace(pathIn(Target, Name), contents(Name));
}

//===----------------------------------------------------------------------===//

void passAllocations(const KernelHeaders &K,
                     std::map<std::string, std::string> &Files) {
  std::string Path = pathIn(K.SrcTree, "include/linux/alloc_tag.h");
  std::string Text = readText(Path);
  size_t End = Text.rfind("#endif");
  if (End == std::string::npos || !StringRef(Text).contains("alloc_hooks"))
    return;
  Text.insert(End, "#undef alloc_hooks\n"
                   "#define alloc_hooks(_do_alloc) (_do_alloc)\n");
  Files[Path] = std::move(Text);
}

void generateHeaders(KernelHeaders &K,
                     std::map<std::string, std::string> &Files) {
  K.ObjTree =
      pathIn("/vfio-kbuild", K.Arch, sys::path::relative_path(K.SrcTree));
  std::string Autoconf = makeAutoconf(K);
  K.Config = std::make_shared<KernelConfig>(Autoconf);
  auto Add = [&](StringRef Name, std::string Text) {
    Files[pathIn(K.ObjTree, "include/generated", Name)] = std::move(Text);
  };
  Add("autoconf.h", std::move(Autoconf));
  Add("bounds.h", BoundsHeader.str());
  Add("asm-offsets.h", "\n");
  Add("rq-offsets.h", "#define RQ_nr_pinned 0\n"); // 6.19 and later
  Add("timeconst.h", timeconstHeader());
  Add("utsrelease.h", "#define UTS_RELEASE \"" + K.Version.str() + "\"\n");
  Add("utsversion.h", "#define UTS_VERSION \"\"\n");
  Add("compile.h", "#define UTS_MACHINE \"" + K.Arch + "\"\n");
  Add("uapi/linux/version.h", versionHeader(K.Version));
  AsmWrappers(K, Files, "").write();
  AsmWrappers(K, Files, "uapi").write();
}

} // namespace vfio::kbuild
