//===- TargetHeaders.cpp - The target API where the headers lack it -------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/prove/TargetHeaders.h"
#include "lifecycle/GlobalNames.h"

using namespace clang;

namespace vfio::rewriter {

Generation generationOf(Target To) {
  return To == Target::DriverFrees ? Generation::DriverFrees
                                   : Generation::CoreFrees;
}

/// Gives every mention of the function \p Name in \p Text another name.
static void hide(std::string &Text, llvm::StringRef Name) {
  std::string Needle = Name.str() + "(";
  for (size_t At = 0; (At = Text.find(Needle, At)) != std::string::npos;) {
    bool Begins = At == 0 || !(isalnum(Text[At - 1]) || Text[At - 1] == '_');
    if (Begins)
      Text.insert(At, "__other_generation_");
    At += Needle.size() + (Begins ? 19 : 0);
  }
}

static bool declares(llvm::StringRef Text, llvm::StringRef Name) {
  return Text.contains((Name + "(").str());
}

/// Puts \p Lines before the header's closing #endif.
static void append(std::string &Text, const std::string &Lines) {
  size_t End = Text.rfind("#endif");
  Text.insert(End == std::string::npos ? Text.size() : End, Lines);
}

static void addMembers(std::string &Text) {
  size_t Ops = Text.find("struct vfio_device_ops {");
  if (Ops == std::string::npos)
    return;
  size_t Brace = Text.find('{', Ops) + 1;
  std::string Known =
      llvm::StringRef(Text).slice(Ops, Text.find("\n};", Ops)).str();
  // The last two are of 5.15; what was .release before has its type.
  for (llvm::StringRef Member : {"int (*init)", "void (*release)",
                                 "int (*open_device)", "void (*close_device)"})
    if (!llvm::StringRef(Known).contains(Member.split(' ').second))
      Text.insert(Brace,
                  ("\n\t" + Member + "(struct vfio_device *vdev);").str());
}

static void amendVfio(std::string &Text, Target To) {
  hide(Text, "vfio_init_group_dev");
  hide(Text, "vfio_uninit_group_dev");
  addMembers(Text);
  std::string Lines;
  if (!declares(Text, "_vfio_alloc_device"))
    Lines += "struct vfio_device *_vfio_alloc_device(size_t size, struct "
             "device *dev, const struct vfio_device_ops *ops);\n"
             "#define vfio_alloc_device(type, member, dev, ops) \\\n"
             "\tcontainer_of(_vfio_alloc_device(sizeof(struct type) + "
             "BUILD_BUG_ON_ZERO(offsetof(struct type, member)), dev, ops), "
             "struct type, member)\n";
  if (!declares(Text, "vfio_put_device"))
    Lines += "void vfio_put_device(struct vfio_device *device);\n";
  if (!declares(Text, "vfio_register_emulated_iommu_dev"))
    Lines += "int vfio_register_emulated_iommu_dev(struct vfio_device "
             "*device);\n";
  if (To == Target::DriverFrees) {
    if (!declares(Text, "vfio_free_device"))
      Lines += "void vfio_free_device(struct vfio_device *device);\n";
    if (!declares(Text, "vfio_init_device"))
      Lines += "int vfio_init_device(struct vfio_device *device, struct "
               "device *dev, const struct vfio_device_ops *ops);\n";
  } else {
    hide(Text, "vfio_free_device");
    hide(Text, "vfio_init_device");
  }
  append(Text, Lines);
}

static void amendPci(std::string &Text) {
  hide(Text, "vfio_pci_core_init_device");
  hide(Text, "vfio_pci_core_uninit_device");
  if (!declares(Text, "vfio_pci_core_init_dev"))
    append(Text,
           "int vfio_pci_core_init_dev(struct vfio_device *core_vdev);\n"
           "void vfio_pci_core_release_dev(struct vfio_device *core_vdev);\n");
}

namespace {
/// A header that was parsed.
struct Header {
  std::string Path; ///< as it was found
  std::string Text;
};
} // namespace

/// The header that defines the structure with tag \p Name; none where the TU
/// did not read it.
static std::optional<Header> headerOf(const Unit &U, llvm::StringRef Name) {
  const RecordDecl *R = globalRecord(U.Model->Ctx, Name);
  if (!R)
    return std::nullopt;
  SourceManager &SM = U.sources();
  FileID File = SM.getFileID(SM.getFileLoc(R->getLocation()));
  OptionalFileEntryRef Entry = SM.getFileEntryRefForID(File);
  if (!Entry || U.Model->isDriverFile(R->getLocation()))
    return std::nullopt;
  return Header{Entry->getName().str(), SM.getBufferData(File).str()};
}

namespace {
/// A member that struct vfio_device_ops had.
struct OldMember {
  const char *Name, *Before, *After;
};
} // namespace

static const OldMember OldMembers[] = {
    // 5.14 and before
    {"open", "int (*", ")(struct vfio_device *vdev);"},
    // 5.18 and 5.19
    {"migration_set_state", "struct file *(*",
     ")(struct vfio_device *device, enum vfio_device_mig_state new_state);"},
    {"migration_get_state", "int (*",
     ")(struct vfio_device *device, enum vfio_device_mig_state *state);"}};

static constexpr llvm::StringLiteral FreeDevice = "vfio_free_device";

/// True where \p U names the function of 6.1 and its headers are later.
static bool lacksFree(const Unit &U) {
  return U.Model->Gen == Generation::CoreFrees &&
         llvm::any_of(U.TU->diagnostics(), [](const kbuild::Diagnostic &D) {
           return D.Level == kbuild::Diagnostic::Error &&
                  llvm::is_contained(D.Names, FreeDevice);
         });
}

Generation ownGeneration(const Unit &U) {
  return llvm::is_contained(U.BroughtBack, FreeDevice) ? Generation::CoreFrees
                                                       : U.Model->Gen;
}

std::vector<std::string> lackingMembers(const Unit &U) {
  std::vector<std::string> Out;
  for (const OldMember &M : OldMembers)
    if (llvm::any_of(U.TU->diagnostics(), [&](const kbuild::Diagnostic &D) {
          return llvm::is_contained(D.Names, M.Name) &&
                 llvm::any_of(D.Names, [](llvm::StringRef Name) {
                   return Name.contains("struct vfio_device_ops");
                 });
        }))
      Out.push_back(M.Name);
  if (lacksFree(U))
    Out.push_back(FreeDevice.str());
  return Out;
}

std::map<std::string, std::string>
bringBack(const Unit &U, llvm::ArrayRef<std::string> Members) {
  std::optional<Header> Vfio =
      Members.empty() ? std::nullopt : headerOf(U, "vfio_device");
  size_t Ops =
      Vfio ? Vfio->Text.find("struct vfio_device_ops {") : std::string::npos;
  if (Ops == std::string::npos)
    return {};
  size_t Brace = Vfio->Text.find('{', Ops) + 1;
  for (const OldMember &M : OldMembers)
    if (llvm::is_contained(Members, M.Name))
      Vfio->Text.insert(Brace,
                        std::string("\n\t") + M.Before + M.Name + M.After);
  if (llvm::is_contained(Members, FreeDevice))
    append(Vfio->Text, "void vfio_free_device(struct vfio_device *device);\n");
  return {{Vfio->Path, Vfio->Text}};
}

std::map<std::string, std::string> targetHeaders(const Unit &U, Target To) {
  std::map<std::string, std::string> Out;
  if (U.Model->Gen == generationOf(To))
    return Out;
  if (std::optional<Header> Vfio = headerOf(U, "vfio_device")) {
    amendVfio(Vfio->Text, To);
    Out[Vfio->Path] = std::move(Vfio->Text);
  }
  if (std::optional<Header> Pci = headerOf(U, "vfio_pci_core_device")) {
    amendPci(Pci->Text);
    Out[Pci->Path] = std::move(Pci->Text);
  }
  return Out;
}

} // namespace vfio::rewriter
